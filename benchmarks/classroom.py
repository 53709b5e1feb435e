"""A class on one machine: kernels that explore at the same time, their memory and their patience.

Each student has a kernel with CIFAR-10, EfficientNet-Lite0 and an explore(), set up all at once,
then changes the layer every 3 seconds and the image every 15. Timed is what a page waits for: from
the message of a change to the answer with the new maps. Memory is Pss: what several processes
share counts once, in shares. The goals are for 30 students on two cores.

    python benchmarks/classroom.py [STUDENTS [SECONDS]]

Other work on the machine shows in all figures.
"""

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median, quantiles
from subprocess import DEVNULL

import torch
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from course_utils import load_cifar10, sample_images

STUDENTS, SECONDS = 30, 60.0
LAYER, IMAGE = 3.0, 15.0  # seconds between two changes
MEMORY, READY, PATIENCE = (12 if torch.version.cuda is None else 14), 75, 400  # GiB, s, ms

SETUP = """
from course_utils import *
data = load_cifar10("train"), load_cifar10("test")
w = explore(load_network("efficientnet_lite0"), "coffee")
w
"""
ASKED = {"layers": "' '.join(l['name'] for l in w.layers)", "comm": "w.model_id"}


@dataclass
class Student:
    """A kernel, and who sits before it. waited: milliseconds for each change, by its kind."""

    manager: KernelManager
    client: BlockingKernelClient
    asked: dict[str, str] = field(default_factory=dict)
    seq: int = 0
    waited: dict[str, list[float]] = field(default_factory=lambda: {"layer": [], "image": []})

    @classmethod
    def sit_down(cls, _: int) -> "Student":
        """Start the kernel and run the first cell."""
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=DEVNULL)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=600)
        self = cls(manager, client)
        answer = client.execute_interactive(
            SETUP, user_expressions=ASKED, timeout=600, output_hook=lambda message: None
        )["content"]
        if answer["status"] != "ok":
            raise SystemExit(f"{answer['ename']}: {answer['evalue']}")
        for name, told in answer["user_expressions"].items():
            self.asked[name] = told["data"]["text/plain"].strip("'")
        return self

    def memory(self) -> float:
        """GiB of this kernel."""
        process = self.manager.provisioner.pid
        with open(f"/proc/{process}/smaps_rollup") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 2**20

    def change(self, kind: str, value: str) -> None:
        """As the page does it; note how long its answer takes."""
        self.seq += 1
        data = {"method": "update", "state": {kind: value, "seq": self.seq}, "buffer_paths": []}
        content = {"comm_id": self.asked["comm"], "data": data}
        start = time.perf_counter()
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))
        while self._answered() != self.seq:
            pass
        self.waited[kind].append(1000 * (time.perf_counter() - start))

    def _answered(self) -> int:
        """The number of the change that the next message answers."""
        content = self.client.get_iopub_msg(timeout=60)["content"]
        return content.get("data", {}).get("state", {}).get("view", {}).get("seq", 0)

    def explore(self, number: int, seconds: float) -> None:
        """Change layers and images for some seconds; no two students in step."""
        chance = random.Random(number)
        layers, images = self.asked["layers"].split(), cycle(sample_images())
        start = time.monotonic()
        due = {"layer": start + chance.uniform(0, LAYER), "image": start + chance.uniform(0, IMAGE)}
        while (now := min(due.values())) < start + seconds:
            time.sleep(max(0.0, now - time.monotonic()))
            kind = min(due, key=due.__getitem__)
            due[kind] += LAYER if kind == "layer" else IMAGE
            self.change(kind, chance.choice(layers) if kind == "layer" else next(images))

    def leave(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def told(what: str, value: float, goal: float | None = None) -> bool:
    """Print a line of the table; whether the goal is reached."""
    print(f"  {what:36}{value:8.1f}" + (f"{goal:8.0f}" if goal else ""))
    return goal is None or value <= goal


def main(count: int, seconds: float) -> None:
    load_cifar10("train")  # made once, before the class comes
    with ThreadPoolExecutor(count) as pool:
        start = time.perf_counter()
        students = list(pool.map(Student.sit_down, range(count)))
        try:
            ready = time.perf_counter() - start
            list(pool.map(lambda i: students[i].explore(i, seconds), range(count)))
            memory = [student.memory() for student in students]
        finally:
            for student in students:
                student.leave()
    layer, image = ([t for s in students for t in s.waited[k]] for k in ("layer", "image"))
    print(f"{count} kernels on {os.cpu_count()} cores, torch {torch.__version__}")
    print(f"  {'':36}{'':8}  goal for {STUDENTS}")
    reached = [
        told("all ready after, s", ready, READY),
        told("memory in all, GiB", sum(memory), MEMORY),
        told("the largest kernel, GiB", max(memory)),
        told(f"another layer, ms: median of {len(layer)}", median(layer)),
        told("                   p95", p95(layer)),
        told(f"another image, ms: median of {len(image)}", median(image)),
        told("                   p95", p95(image), PATIENCE),
    ]
    if not all(reached):
        sys.exit("A goal is missed.")


if __name__ == "__main__":
    chosen = [*sys.argv[1:3], *(STUDENTS, SECONDS)[len(sys.argv) - 1 :]]
    main(int(chosen[0]), max(2 * IMAGE, float(chosen[1])))  # two images each, or there is no p95
