"""A cell that is run again does not keep what it showed before; what somebody holds stays."""

import ast

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import gc, threading, weakref
from course_utils import explore, train
shown = []
def show(widget):
    shown.append(weakref.ref(widget))
    return widget
def new(*arguments):
    return show(explore(*arguments or ("lenet", "seven")))
"""
ALIVE = "[widget() is not None for widget in shown]"


class Kernel:
    """A kernel that is told which cell runs, as JupyterLab does."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def run(self, code: str, cell: str) -> None:
        content = {"code": code, "silent": False, "store_history": True}
        message = self.client.session.msg("execute_request", content, metadata={"cellId": cell})
        self.client.shell_channel.send(message)
        while (reply := self.client.get_shell_msg(timeout=60))["msg_type"] != "execute_reply":
            pass
        assert reply["content"]["status"] == "ok", reply["content"]

    def ask(self, expression: str) -> object:
        request = {"answer": f"str({expression})"}
        self.client.execute("", silent=True, user_expressions=request)
        while "user_expressions" not in (reply := self.client.get_shell_msg(timeout=60))["content"]:
            pass
        text = reply["content"]["user_expressions"]["answer"]["data"]["text/plain"]
        return ast.literal_eval(ast.literal_eval(text))


@pytest.fixture(scope="module")
def started():
    kernel = Kernel()
    kernel.run(SETUP, "setup")
    yield kernel
    kernel.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(started):
    started.run("shown.clear()", "clear")
    return started


def test_a_cell_run_again_keeps_only_its_last_widget(kernel):
    for _ in range(3):
        kernel.run("new()", "A")
    assert kernel.ask(ALIVE) == [False, False, True]


def test_the_thread_of_a_training_ends_with_its_widget(kernel):
    for _ in range(2):
        kernel.run("w = show(train('lenet', epochs=9)); w.go(); w", "A")
    assert kernel.ask(ALIVE) == [False, True]
    threads = kernel.ask("sum(t.name == 'course' for t in threading.enumerate())")
    assert threads == 1
    kernel.run("w.stop(); w.wait()", "B")


def test_what_a_name_or_a_list_holds_stays_until_it_does_no_more(kernel):
    kernel.run("mine = new(); several = [new(), new()]; mine", "A")
    kernel.run("several[0]", "B")
    for cell in "AB":
        kernel.run("new()", cell)
    assert kernel.ask(ALIVE) == [True] * 5
    kernel.run("del mine, several", "C")
    kernel.run("gc.collect()", "C")
    assert kernel.ask(ALIVE)[:2] == [False, False]


def test_what_another_cell_shows_stays(kernel):
    kernel.run("new()", "A")
    kernel.run("_", "B")
    kernel.run("new()", "A")
    assert kernel.ask(ALIVE) == [True, True]
    kernel.run("new()", "B")
    assert kernel.ask(ALIVE)[0] is False
