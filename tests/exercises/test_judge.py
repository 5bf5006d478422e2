"""Somebody's code runs in a process of its own, and whatever it does this one goes on."""

import os
import time

import pytest

from qlearn.exercises import Answers, Verdict, every, find, judge
from qlearn.exercises._guard import Stopped
from qlearn.qubits import Circuit

SIFT = "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
RIGHT = (
    SIFT + "    kept = (alice_bases == bob_bases) & detected\n    return alice_bits[kept], bob_bits[kept]\n"
)


@pytest.fixture(scope="module")
def process():
    with Answers(512) as answers:
        yield answers


@pytest.fixture
def shared(process):
    process._ran.clear()  # a process that ends does not run again what other tests have run
    return process


def handed_in(answers, exercise, source):
    answers.run("\n".join(exercise.imports), "<given>", seconds=60)
    assert answers.run(source) is None
    return answers.check(exercise, seed=7)


def test_every_solution_that_is_compared_passes_over_there_as_here():
    with Answers(2048) as answers:
        compared = [one for one in every() if one._grader is None]
        wrong = [one.name for one in compared if not handed_in(answers, one, one.source)]
    assert wrong == []


KINDS = [  # a function that gives functions, one that changes what it is given, objects that a grader looks at, numbers
    "neural_networks.surrogate", "barren_plateaus.mirror", "reinforcement.q_update", "qsvm.angle_map",
    "entanglement.ghz_game", "entangled_keys.meeting", "measurement.shots_needed",
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_mistake_gets_the_same_words_over_there_as_here(name, shared):
    exercise = find(name)
    for mistake in exercise.mistakes.values():
        source = f"from qlearn.exercises import find\n{exercise.name} = find({name!r}).mistakes[{mistake.name!r}].answer"
        assert handed_in(shared, exercise, source) == exercise.check(mistake.answer, seed=7), mistake.name


@pytest.mark.parametrize("name", ["bb84.sift", "bb84.six_state"])
def test_a_mistake_in_source_code_gets_the_same_words_over_there_as_here(name):
    exercise = find(name)
    source = exercise.source.replace("alice_bases == bob_bases", "alice_bases != bob_bases").replace(
        "sdg", "s"
    )
    space = {}
    exec("\n".join([*exercise.imports, source]), space)
    here = exercise.check(space[exercise.name])
    assert not here
    assert judge(source, name) == here


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("error_rate = 0.3 *", "cannot be read: invalid syntax, in line 1"),
        (
            "x = 1\nerror_rate = y",
            "stopped with NameError: name 'y' is not defined, in line 2: `error_rate = y`",
        ),
        ("error_rate = 0.075 #\ud800", "cannot be read: UnicodeEncodeError"),
        ("error_rate = " + "1 + " * 200_000 + "1", "cannot be read: RecursionError"),
        ("raise KeyboardInterrupt", "stopped with KeyboardInterrupt"),
        (
            "class F:\n    def __getattribute__(self, name): raise SystemExit\nerror_rate = F()",
            "stopped with SystemExit",
        ),
        ("error_rate = ...", "nothing to check yet"),
        ("error_rate = None", "is None"),
        ("error_rate = '0.075'", "leave the quotation marks out"),
        ("raise SystemExit", "stopped with SystemExit"),
        ("import os\nos._exit(0)", "ended the process"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "ended the process"),
        ("import sys\nsys.stdout.write('Right' * 10000)\nerror_rate = 0.3", "share she touches"),
    ],
)
def test_what_goes_wrong_with_a_value_is_said(shared, source, said):
    exercise = find("bb84.error_rate")
    try:
        error = shared.run("error_rate = ...") or shared.run(source)
    except Stopped as stop:
        error = str(stop)
    verdict = shared.check(exercise)
    assert not verdict
    assert said in (error or verdict.message)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "more than 1 s"),
        ("import time; time.sleep(60)", "more than 1 s"),
        ("import os; os._exit(0)", "ended the process"),
        ("return bytearray(3 * 10**9)", "stopped with MemoryError, in line 2"),
        ("return [0] * (3 * 10**8)", "stopped with MemoryError, in line 2"),
        ("return alice_bits[10**6]", "stopped with IndexError: index 1000000 is out of bounds"),
        ("return sift(alice_bits, alice_bases, bob_bits, bob_bases, detected)", "RecursionError"),
        ("return lambda: 1", "give a function"),
        ("print(alice_bits)", "end it with `return`"),
        ("import sys; sys.exit(0)", "stopped with SystemExit"),
    ],
)
def test_what_goes_wrong_in_a_function_is_said(shared, body, said):
    shared.run(SIFT + "    " + body)
    verdict = shared.check(find("bb84.sift"), seconds=1)
    assert not verdict
    assert said in verdict.message


@pytest.mark.parametrize("name", ["bb84.sift", "bb84.six_state"])
def test_a_checker_that_was_exchanged_passes_nothing(name):
    exercise = find(name)
    arguments = exercise.stub.splitlines()[0]
    patched = (
        "import qlearn.exercises, qlearn.exercises._exercise as inner, qlearn.exercises.comparisons as compared\n"
        "from qlearn.exercises import Exercise, Verdict\n"
        "Exercise.check = Exercise._checked = lambda self, *a, **k: Verdict.right('mine')\n"
        "Verdict.wrong = Verdict.right\n"
        "inner._is_stub = inner._cannot_take = lambda *a: None\n"
        "compared.close = compared.equal = lambda *a, **k: None\n"
        f"from qlearn.exercises.communication.bb84 import {exercise.name} as own\n"
        "own.same = lambda *a: None\n"
        "own._grader = lambda *a: None\n"
        f"{arguments}\n    return None\n"
    )
    verdict = judge(patched, name)
    assert not verdict
    assert "mine" not in verdict.message


def test_nothing_that_comes_back_runs_here(tmp_path):
    trace = tmp_path / "ran"
    evil = (
        "class Evil:\n    def __reduce__(self):\n        import os\n"
        f"        return os.system, ('touch {trace}',)\n" + SIFT + "    return Evil()\n"
    )
    assert not judge(evil, "bb84.sift")
    assert not trace.exists()


# What somebody writes who knows how the two processes talk: a message of their own in the place of the worker's.
FORGE = """
import os, pickle, struct
def text(s): return b'\\x8c' + bytes([len(s)]) + s.encode()
def thing(module, name): return text(module) + text(name) + b'\\x93'
def value(inside): return b'\\x80\\x04' + text('value') + inside + b'\\x86.'
def say(*messages):
    for pipe in range(3, 12):
        try: os.write(pipe, b''.join(m if isinstance(m, bytes) else m[0] for m in messages))
        except OSError: pass
    __import__('time').sleep(0.5)
def framed(data): return struct.pack('!Q', len(data)) + data
NONE = framed(pickle.dumps(None))
"""
BOMB = "class Bomb:\n    def __reduce__(self): return {}\nerror_rate = Bomb()"
NOTHING_TO_ASK = "has changed the process"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("error_rate = (x for x in ())", "generator"),
        ("import importlib\nclass All:\n    passed, message = True, 'mine'\n    check = lambda *a, **k: All\n"
         "All.error_rate = All\nimportlib.import_module = lambda *a: All\nerror_rate = (x for x in ())", "generator"),
        ("import numpy\nnumpy.allclose = lambda *a, **k: True\nclass X(float):\n"
         "    def __reduce__(self): raise ValueError\nerror_rate = X(0.3)", "share she touches"),
        (FORGE + "say(NONE, framed(pickle.dumps(('unsendable', 'x'))), framed(pickle.dumps(('verdict', (True, 'mine')))))", "x"),
        (FORGE + "say(NONE, framed(pickle.dumps(('verdict', (True, 'mine')))))", "verdict"),
        (FORGE + "say(NONE, framed(pickle.dumps(3)))", NOTHING_TO_ASK),
        (FORGE + "say(NONE, framed(pickle.dumps(('function', 5))))", NOTHING_TO_ASK),
        (FORGE + "say(NONE, framed(pickle.dumps(('function', [('a b', 1, 0)]))))", NOTHING_TO_ASK),
        (FORGE + "say(framed(pickle.dumps([1])))", NOTHING_TO_ASK),
        (FORGE + "say(framed(b'garbage'))", NOTHING_TO_ASK),
        (FORGE + "say(b'\\xff' * 8)", "ended the process"),
        (FORGE + "say((10**10).to_bytes(8, 'big'))", "ended the process"),
        (BOMB.format("__import__('fractions').Fraction, ('1e9999999999',)"), "not read here"),
        (BOMB.format("bytearray, (10**11,)"), "not read here"),
        (BOMB.format("set, (range(10**10),)"), "not read here"),
        (BOMB.format("__import__('collections').deque, (range(10**10),)"), "not read here"),
        (BOMB.format("__import__('collections').Counter, (range(10**10),)"), "not read here"),
        (BOMB.format("__import__('numpy').ndarray, ((10**10,),)"), "not read here"),
        ("error_rate = range(10**10)", "ten million parts"),
        ("error_rate = [range(10**6)] * 1000", "ten million parts"),
        ("T = type('x\\n## bb84.sift: 2 of 2', (), {})\nerror_rate = T()", "you give a x ## bb84.sift: 2 of 2"),
    ],
)  # fmt: skip
def test_no_message_of_their_own_passes_or_stops_the_judge(shared, source, said):
    assert shared.run("error_rate = ...") is None
    try:
        verdict = None if (error := shared.run(source)) else shared.check(find("bb84.error_rate"), seconds=3)
        words = error or verdict.message
    except Stopped as stop:
        verdict, words = None, str(stop)
    finally:
        shared._end()  # the messages that were not asked for are still in its pipe
    assert not verdict
    if said != "verdict":
        assert said in words
    assert "mine" not in words or said == "verdict"


@pytest.mark.parametrize(
    "inside",
    [
        "thing('qlearn.qubits.noise', 'np.memmap') + b'(' + text({victim!r}) + text('uint8') + text('w+') + b'K\\x00K\\x04tR'",
        "thing('qlearn.qubits.noise', 'np.testing._private.extbuild.subprocess.Popen') + b'((' + text('rm')"
        " + text({victim!r}) + b'ltR'",
        "thing('qlearn.qubits', 'Circuit') + b'N}}' + text('matrix') + text('broken') + b's\\x86b'",
        "thing('qlearn.qubits', 'Circuit') + b'K\\x02\\x85R'",
    ],
)
def test_no_message_makes_this_process_do_anything(shared, inside, tmp_path):
    victim = tmp_path / "grades.csv"
    victim.write_text("ada,3\n")
    try:
        shared.run(FORGE + f"say(NONE, framed(value({inside.format(victim=str(victim))})))")
        assert "not read here" in shared.check(find("bb84.error_rate"), seconds=3).message
    finally:
        shared._end()
    assert victim.read_text() == "ada,3\n"
    assert callable(Circuit.matrix)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_that_holds_the_pipe_open_does_not_hold_the_judge():
    child = "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(6); os._exit(0)\n"
    for end, said in (("while True: pass", "more than 1 s"), ("os._exit(0)", "ended the process")):
        begun = time.monotonic()
        assert said in judge(child + end, "bb84.error_rate", seconds=1).message
        assert time.monotonic() - begun < 5.5


def test_a_file_it_leaves_is_no_module_of_the_next_process():
    with Answers() as answers:
        with pytest.raises(Stopped, match="ended the process"):
            answers.run("import os\nopen('struct.py', 'w').write('while True: pass')\nos._exit(0)")
        assert answers.run("open('mine.py', 'w').write('half = 0.5')\nfrom mine import half") is None


def test_slow_calls_have_a_limit_together(monkeypatch):
    monkeypatch.setattr(Answers, "longest", staticmethod(lambda seconds: 0.5))
    slow = SIFT + "    __import__('time').sleep(0.2)\n" + RIGHT.partition("\n")[2]
    assert "more than 0.5 s" in judge(slow, "bb84.sift", seconds=5).message


def test_a_container_of_a_class_of_their_own_is_one_of_its_kind():
    own = "from collections import namedtuple\nPair = namedtuple('Pair', 'alice bob')\n"
    assert judge(own + RIGHT.replace("return ", "return Pair(")[:-1] + ")\n", "bb84.sift")


def test_its_processes_end_with_it(tmp_path):
    beats = tmp_path / "beats"
    child = f"while True: open({str(beats)!r}, 'a').write('.'); __import__('time').sleep(0.02)"
    source = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}])\nwhile True: pass\n"
    )
    assert "more than 2 s" in judge(source, "bb84.error_rate", seconds=2).message
    beaten = beats.stat().st_size
    assert beaten
    time.sleep(0.5)
    assert beats.stat().st_size == beaten


def test_a_file_it_writes_goes_with_it():
    with Answers() as answers:
        assert answers.run("import os\nopen('mine', 'w').write('x')\nerror_rate = len(os.listdir())") is None
        folder = answers._folder.name
        assert os.listdir(folder) == ["mine"]
    assert not os.path.exists(folder)


def test_after_an_end_what_had_run_stands_again():
    with Answers() as answers:
        answers.run("error_rate = 0.075")
        answers.run("def sift(a, b, c, d, e):\n    import os; os._exit(1)")
        assert "ended the process" in answers.check(find("bb84.sift")).message
        assert answers.check(find("bb84.error_rate"))


def test_what_ran_before_an_end_stands_for_the_cells_after_it():
    with Answers() as answers:
        answers.run("touched = 0.3")
        with pytest.raises(Stopped, match=r"more than 0.5 s"):
            answers.run("while True: pass", seconds=0.5)
        assert answers.run("error_rate = touched / 4") is None
        assert answers.check(find("bb84.error_rate"))


def test_a_name_from_a_cell_that_failed_is_not_taken_for_the_answer():
    with Answers() as answers:
        answers.run("error_rate = 0.075")
        answers.run("error_rate = 0.3 * unknown")
        assert "NameError" in answers.check(find("bb84.error_rate")).message
        answers.run("error_rate = 0.3 / 4")
        assert answers.check(find("bb84.error_rate")) == Verdict.right(find("bb84.error_rate").right)


def test_an_answer_of_another_name_is_missed():
    assert "there is no `error_rate`" in judge("error_rat = 0.075", "bb84.error_rate").message


def test_an_exercise_is_refused_by_a_name_it_has_not():
    with pytest.raises(ValueError, match=r"no exercise 'shift'; it has .*sift"):
        judge("", "bb84.shift")
