"""The places where people run `buddle check`, each tried with what others made: JUnit reports against Jenkins' schema, the hook by
pre-commit in a repository, the steps of the GitHub action, the GitLab example.

    python3 -m venv VENV && VENV/bin/pip install -r tests/places/requirements.txt
    BUDDLE=target/debug/buddle VENV/bin/python tests/places/places.py
"""

import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import junitparser
import lxml.etree
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUDDLE = pathlib.Path(os.environ["BUDDLE"]).resolve()
BIN = pathlib.Path(sys.executable).parent
HOSTILE = "\x1b[31m<script>alert(1)</script> ]]> --> & %0A::error::x\r\n::warning::y \u202e\0\x85 ##[error]z"
HOSTILE_NAME = "a,b;c $(touch pwned) `touch pwned` 'q' \"d\" %0A::error::x <i>&.jsonl"


def record(n, text=None):
    text = text or f"House {n} of the row was the only one that still stood open to visitors after the long winter, and {n} people came."
    return json.dumps({"id": f"r{n}", "url": f"https://example.org/{n}", "text": text}) + "\n"


def good(start=0):
    return "".join(record(n) for n in range(start, start + 30))


def bad():
    return good(100) + record(0, "cut \ufffd text " * 10) + "{broken\n" + good(100) + record(500, HOSTILE + " word" * 30)


class Place(unittest.TestCase):
    """A folder with buddle on PATH and nothing else of this machine's configuration."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "buddle").symlink_to(BUDDLE)
        self.repo = self.folder / "repo"
        self.repo.mkdir()
        self.env = {
            "PATH": f"{self.folder / 'bin'}:{BIN}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
        }

    def write(self, name, text):
        path = self.repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_in(self, command, cwd=None, env=None, code=0):
        ran = subprocess.run(command, cwd=cwd or self.repo, env={**self.env, **(env or {})}, capture_output=True, stdin=subprocess.DEVNULL)
        out = (ran.stdout + ran.stderr).decode()
        self.assertEqual(ran.returncode, code, out)
        return out

    def valid(self, schema, path):
        self.run_in(["check-jsonschema", "--builtin-schema", schema, str(path)])


class Junit(Place):
    def test_reports_fit_the_schema_of_jenkins_and_are_read_by_others(self):
        schema = lxml.etree.XMLSchema(lxml.etree.parse(ROOT / "fixtures/schemas/junit.xsd"))
        self.write("bad/a.jsonl", bad())
        self.write("bad/" + HOSTILE_NAME, bad())
        self.write("good/a.jsonl", good())
        self.write("rules.toml", '[[checks.for]]\nfiles = "bad/a*"\nmedian_chars = { warn = 7 }\n')
        for args, code in [(["bad"], 1), (["good"], 0), (["-c", "rules.toml", "bad", "good"], 1), (["nothing.jsonl", "good"], 0)]:
            self.write("nothing.jsonl", "")
            self.run_in(["buddle", "check", *args, "--report", "r.xml"], code=code)
            tree = lxml.etree.parse(self.repo / "r.xml")
            schema.assertValid(tree)
            suites = list(junitparser.JUnitXml.fromfile(self.repo / "r.xml"))
            failures = [case for suite in suites for case in suite if any(isinstance(r, junitparser.Failure) for r in case.result)]
            self.assertEqual(bool(failures), code == 1)
            self.assertEqual(sum(suite.failures for suite in suites), len(failures))
            self.assertGreater(sum(suite.tests for suite in suites), 20)
        tree.getroot().set("new", "1")
        self.assertFalse(schema.validate(tree))


class PreCommit(Place):
    """The hook as pre-commit runs it, but for the build: the binary is there."""

    def setUp(self):
        super().setUp()
        hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        for hook in hooks:
            self.assertEqual(hook["language"], "rust")
            hook["language"] = "system"
        source = self.folder / "source"
        source.mkdir()
        (source / ".pre-commit-hooks.yaml").write_text(yaml.safe_dump(hooks))
        for cwd in (source, self.repo):
            self.run_in(["git", "init", "-q", "-b", "main"], cwd=cwd)
        self.run_in(["git", "add", "-A"], cwd=source)
        self.run_in(["git", "commit", "-qm", "hooks"], cwd=source)
        rev = self.run_in(["git", "rev-parse", "HEAD"], cwd=source).strip()
        config = yaml.safe_load((ROOT / "docs/ci/pre-commit-config.yaml").read_text())
        config["repos"][0].update(repo=str(source), rev=rev)
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.run_in(["pre-commit", "install"])

    def commit(self, code):
        self.run_in(["git", "add", "-A"])
        return self.run_in(["git", "commit", "-m", "data"], code=code)

    def test_manifest_and_example_are_valid(self):
        self.run_in(["pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")])
        self.run_in(["pre-commit", "validate-config", str(ROOT / "docs/ci/pre-commit-config.yaml")])

    def test_good_data_is_committed_and_bad_data_is_not(self):
        self.write("data/a.jsonl", good())
        self.write("data/b.jsonl.gz", gzip.compress(good(40).encode()))
        self.write("notes.txt", "House\n")
        self.write("data/script.py", "pass\n")
        self.assertIn("Passed", self.commit(0))
        self.write("data/c.jsonl", bad())
        out = self.commit(1)
        for text in ("Failed", "data/c.jsonl:31", "replacement_character_ratio", "hint:"):
            self.assertIn(text, out)
        # Only what the commit changes is checked.
        self.assertNotIn("data/a.jsonl", out)
        self.assertNotIn("\x1b[31m<script>", out)

    def test_names_are_names(self):
        self.write("data/" + HOSTILE_NAME, bad())
        self.write("data/-c.jsonl", good())
        self.assertIn("Failed", self.commit(1))
        self.assertFalse(list(self.folder.rglob("pwned")))

    def test_other_files_cost_nothing(self):
        self.write("notes.md", "House\n")
        self.assertIn("Skipped", self.commit(0))

    def test_a_copy_in_another_file_is_found_and_rules_hold(self):
        for n in range(40):
            self.write(f"data/{n}.jsonl", good())
        self.assertIn("exact_duplicate_ratio", self.commit(1))
        self.write("buddle.toml", "[checks]\nexact_duplicate_ratio = false\nduplicate_id_ratio = false\nrepeated_prose_ratio = false\n")
        self.assertIn("Passed", self.commit(0))

    def test_the_whole_set_can_be_checked(self):
        config = yaml.safe_load((self.repo / ".pre-commit-config.yaml").read_text())
        config["repos"][0]["hooks"][0].update(pass_filenames=False, args=["data"])
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.write("data/a.jsonl", good())
        self.assertIn("Passed", self.commit(0))
        self.write("data/b.jsonl", good())
        self.assertIn("data/b.jsonl:1", self.commit(1))


class GithubAction(Place):
    """The steps of the action with what the runner sets; `uses` steps are caches, and miss."""

    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load((ROOT / "action.yml").read_text())
        self.files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        (self.folder / "temp").mkdir()

    def value(self, text, inputs, outputs):
        def one(match):
            name = match.group(1)
            # Nothing but what GitHub knows: a name that is wrong is an error here.
            known = {"runner.temp": str(self.folder / "temp"), "runner.os": "Linux", "runner.arch": "X64"}
            known.update({f"inputs.{key}": value for key, value in inputs.items()})
            known.update({f"steps.{step}.outputs.{key}": value for step, all in outputs.items() for key, value in all.items()})
            return known[name]

        return re.sub(r"\$\{\{ *([a-z.-]+) *\}\}", one, text)

    def act(self, code=0, path=None, **given):
        """Runs the action; its log, its outputs."""
        inputs = {name: about.get("default", "") for name, about in self.action["inputs"].items()}
        inputs.update({name.replace("_", "-"): value for name, value in given.items()})
        outputs, log, last = {}, "", 0
        env = dict(self.env, PATH=path or self.env["PATH"], GITHUB_ACTION_PATH=str(ROOT), RUNNER_TEMP=str(self.folder / "temp"), GITHUB_ACTIONS="true", CI="true")
        for file in self.files.values():
            file.write_text("")
        for step in self.action["runs"]["steps"]:
            if "if" in step:
                left, right = step["if"].split(" == ")
                if self.value("${{ " + left + " }}", inputs, outputs) != right.strip("'"):
                    continue
            if "uses" in step:
                continue
            self.assertNotIn("${{", step["run"])
            self.files["GITHUB_OUTPUT"].write_text("")
            script = self.folder / "temp" / "step.sh"
            script.write_text(step["run"])
            own = {name: self.value(value, inputs, outputs) for name, value in step.get("env", {}).items()}
            own.update({name: str(file) for name, file in self.files.items()})
            cwd = self.repo / self.value(step.get("working-directory", "."), inputs, outputs)
            ran = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], cwd=cwd, env={**env, **own}, capture_output=True)
            log += (ran.stdout + ran.stderr).decode()
            last = ran.returncode
            pairs = (line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())
            outputs[step.get("id", "")] = dict(pairs)
            added = self.files["GITHUB_PATH"].read_text().split()
            env["PATH"] = ":".join([*added, path or self.env["PATH"]])
            if last:
                break
        self.assertEqual(last, code, log)
        self.assertFalse(list(self.folder.rglob("pwned")))
        self.assertEqual([p.name for p in (self.folder / "temp").iterdir() if p.name.startswith("buddle-")], [])
        result = {name: self.value(about["value"], inputs, outputs) for name, about in self.action["outputs"].items()}
        self.assertEqual(result, {"exit-code": str(code), "passed": "true" if code == 0 else "false"})
        return log

    def commands(self, log):
        """The commands that the runner takes in a log."""
        found, token = [], None
        for line in log.splitlines():
            command = re.match(r"\s*::([^ :]+)(?: [^:]*(?::[^:]+)*)?::(.*)", line)
            if token:
                if command and command.group(1) == token:
                    token = None
            elif command and command.group(1) == "stop-commands":
                token = command.group(2)
            elif command or "##[" in line:
                found.append(command.group(1) if command else line)
        self.assertIsNone(token)
        return found

    def test_files_are_valid(self):
        self.valid("vendor.github-actions", ROOT / "action.yml")
        self.valid("vendor.github-workflows", ROOT / "docs/ci/github-workflow.yml")
        workflow = yaml.safe_load((ROOT / "docs/ci/github-workflow.yml").read_text())
        step = next(step for step in workflow["jobs"]["check"]["steps"] if "buddle" in step.get("uses", ""))
        self.assertLessEqual(set(step["with"]), set(self.action["inputs"]))

    def test_it_passes_and_fails(self):
        self.write("data/a.jsonl", good())
        self.assertEqual(self.commands(self.act(paths="data")), [])
        self.assertIn("passed", self.files["GITHUB_STEP_SUMMARY"].read_text())
        self.write("data/b.jsonl", bad())
        log = self.act(code=1, paths="data\n\n", reports="r.json\nout/r.sarif\n")
        self.assertIn("::error file=data/b.jsonl,line=31,", log)
        self.assertLessEqual(set(self.commands(log)), {"error", "warning", "notice"})
        self.assertFalse(json.loads((self.repo / "r.json").read_text())["passed"])
        self.assertTrue((self.repo / "out/r.sarif").is_file())
        self.assertIn("failed", self.files["GITHUB_STEP_SUMMARY"].read_text())
        self.act(paths="data/a.jsonl")
        self.act(code=2, paths="missing.jsonl")
        self.act(code=2, paths="\n")
        self.act(code=2, paths="data", format="$(touch pwned)")

    def test_every_input_reaches_it(self):
        self.write("sub/data/b.jsonl", bad().replace("{broken\n", ""))
        self.run_in(["buddle", "check", "sub/data", "--report", "base.json"], code=1)
        report = json.loads((self.repo / "base.json").read_text())
        (self.repo / "sub" / "base.json").write_text(json.dumps(report).replace("sub/data", "data"))
        self.act(paths="data", working_directory="sub", baseline="base.json")
        self.act(paths="data", working_directory="sub", baseline="base.json", tolerance="0.1")
        self.act(code=2, paths="data", working_directory="sub", baseline="base.json", tolerance="7")
        self.write("data/a.jsonl", good())
        self.act(code=1, paths="data", languages="de,fr")
        self.act(paths="data", languages="de,en")
        self.write("rules.toml", "[checks]\nrecords = { fail_below = 1000 }\n")
        self.act(code=1, paths="data", config="rules.toml")

    def test_logs_of_other_formats_hold_no_commands(self):
        self.write("data/b.jsonl", good() + "".join(record(n, "::error::x" + " ##[error]y" * 12 + "\u00a0") for n in range(900, 960)))
        for format in ("text", "json", "junit", "sarif", "markdown"):
            log = self.act(code=1, paths="data", format=format)
            self.assertEqual(self.commands(log), [], format)
            self.assertIn("::stop-commands::", log)
            self.assertIn("failed", self.files["GITHUB_STEP_SUMMARY"].read_text())

    def test_inputs_are_never_run(self):
        hostile = '$(touch pwned) `touch pwned` "; touch pwned; \' && touch pwned #'
        self.write("data/" + HOSTILE_NAME, bad())
        log = self.act(code=1, paths="data/" + HOSTILE_NAME)
        self.assertLessEqual(set(self.commands(log)), {"error", "warning", "notice"})
        self.write("data/a.jsonl", good())
        for name in ("paths", "config", "format", "baseline", "tolerance", "languages"):
            self.act(code=2, **{"paths": "data/a.jsonl", name: hostile})
        self.act(paths="data/a.jsonl", reports=hostile + ".json")
        self.assertTrue((self.repo / (hostile + ".json")).is_file())
        # What looks like a flag is a name.
        self.act(code=2, paths="--list-rules")
        self.act(code=2, paths="data/a.jsonl", config="--list-rules")

    def test_it_is_built_where_there_is_none(self):
        self.write("data/a.jsonl", good())
        cargo = self.folder / "cargo"
        cargo.mkdir()
        script = cargo / "cargo"
        # Stands for a build of minutes: what it is asked, and where its result is looked for.
        script.write_text(f'#!/bin/sh\necho "cargo $@"\nmkdir -p "$6/bin"\nln -s "{BUDDLE}" "$6/bin/buddle"\n')
        script.chmod(0o755)
        path = f"{cargo}:/usr/bin:/bin"
        if shutil.which("buddle", path=path):
            self.skipTest("a buddle is installed")
        root = self.folder / "temp" / "buddle"
        self.assertIn(f"cargo install --locked --path {ROOT} --root {root}", self.act(path=path, paths="data"))
        # The cache had it.
        self.assertNotIn("cargo install", self.act(path=path, paths="data"))


class Gitlab(Place):
    def test_the_example_runs(self):
        self.valid("vendor.gitlab-ci", ROOT / "docs/ci/gitlab-ci.yml")
        job = yaml.safe_load((ROOT / "docs/ci/gitlab-ci.yml").read_text())["data"]
        (self.repo / ".buddle/bin").mkdir(parents=True)
        (self.repo / ".buddle/bin/buddle").symlink_to(BUDDLE)
        script = "set -eo pipefail\n" + "\n".join(job["before_script"] + job["script"])
        for text, code in ((good(), 0), (bad(), 1)):
            self.write("data/a.jsonl", text)
            self.run_in(["bash", "-c", script], env=job["variables"], code=code)
            report = self.repo / job["artifacts"]["reports"]["junit"]
            failures = sum(suite.failures for suite in junitparser.JUnitXml.fromfile(report))
            self.assertEqual(failures > 0, code == 1)
            for path in job["artifacts"]["paths"]:
                self.assertTrue((self.repo / path).is_file())


class Example(Place):
    def test_the_rules_of_the_example_are_rules(self):
        self.write("buddle.toml", (ROOT / "docs/ci/buddle.toml").read_text())
        self.write("data/en.jsonl", good())
        self.run_in(["buddle", "check", "data"])
        self.write("data/mojibake.jsonl", "".join(record(n, f"Le dÃ©veloppement du cafÃ© numÃ©ro {n} a Ã©tÃ© saluÃ© par lâ€™assemblÃ©e.") for n in range(30)))
        self.assertIn("mojibake_ratio", self.run_in(["buddle", "check", "data"], code=1))


if __name__ == "__main__":
    unittest.main()
