"""Records what `train()` tells its page while it trains: curves, kernels, maps, mistakes."""

import time
from itertools import product
from typing import Any

IMAGES = 3  # validation images that can be looked at
LOOKS = 14  # into all layers, while it trains

Event = dict[str, Any]  # seconds, what is said, its bytes


class Listener:
    """Hears the messages of a widget; now and then it has it show each layer of each image."""

    def __init__(self, widget: Any) -> None:
        self.widget, self.events, self.began = widget, list[Event](), time.perf_counter()
        self.first = (widget.layer, 0)
        self.looks = list[tuple[str, int]]()  # still to come
        self.share = 0.0  # of the training that is done; when to look again
        self.next = 0.0
        widget.send = self.heard

    def heard(self, content: dict, buffers: list[bytes]) -> None:
        """Keep a message. It comes from the thread that trains, between two batches."""
        if content["kind"] == "news" and content["runs"]:
            run = content["runs"][0]
            self.share = run["images"] / (run["epochs"] * run["epochLength"])
        if content["kind"] == "inside":
            due = self.share >= self.next or content["layer"] != self.first[0]
            if not (due or self.looks or content["image"]):
                return
            if (content["layer"], content["image"]) == self.first and not self.looks:
                names = [each["name"] for each in content["layers"]]
                self.looks = [each for each in product(names, range(IMAGES)) if each != self.first]
                self.looks.append(self.first)
                self.next = min(self.share + 1 / LOOKS, 1) if self.share < 1 else 2
        at = round(time.perf_counter() - self.began, 2)
        self.events.append({"at": at, "content": content, "buffers": [*map(bytes, buffers)]})
        if content["kind"] == "inside" and self.looks:
            layer, image = self.looks.pop(0)
            with self.widget.hold_trait_notifications():
                self.widget.layer, self.widget.image = layer, image


def record_training(widget: Any) -> list[Event]:
    """What a page is told, from its first question to the end of the training."""
    listener = Listener(widget)
    widget.receive({"do": "hello"}, [])
    widget.wait()
    widget.go()
    widget.wait()
    return listener.events
