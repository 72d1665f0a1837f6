//! A work bench for tests of the binary: a folder of their own, a small firm, and the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Two people, three tickets of one step each; Monday 2026-03-09.
pub(crate) const FIRM: &str = r#"{
  "format": "paidan-scenario/1",
  "as_of": "2026-03-09T09:00",
  "horizon": "2026-03-13T18:00",
  "calendars": [
    {
      "id": "office",
      "weekly": {
        "mon": ["09:00-12:00", "13:00-18:00"],
        "tue": ["09:00-12:00", "13:00-18:00"],
        "wed": ["09:00-12:00", "13:00-18:00"],
        "thu": ["09:00-12:00", "13:00-18:00"],
        "fri": ["09:00-12:00", "13:00-18:00"]
      },
      "holidays": "china"
    }
  ],
  "skills": [{"id": "tax"}],
  "people": [
    {
      "id": "wang",
      "name": {"zh": "王芳", "en": "Wang Fang"},
      "skills": [{"skill": "tax", "level": 3}],
      "bands": [{"kind": "regular", "calendar": "office"}]
    },
    {
      "id": "li",
      "name": {"zh": "李强", "en": "Li Qiang"},
      "skills": [{"skill": "tax", "level": 3}],
      "bands": [{"kind": "regular", "calendar": "office"}]
    }
  ],
  "tickets": [
    {
      "id": "t1",
      "due": "2026-03-09T10:00",
      "curves": [{"kind": "urgency", "per_hour_fen": 6000}],
      "steps": [{"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60}]
    },
    {
      "id": "t2",
      "due": "2026-03-09T11:00",
      "curves": [{"kind": "urgency", "per_hour_fen": 12000}],
      "steps": [{"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 120}]
    },
    {
      "id": "t3",
      "due": "2026-03-09T11:00",
      "curves": [{"kind": "urgency", "per_hour_fen": 18000}],
      "steps": [{"id": "file", "seats": [{"skill": "tax", "level": 2}], "minutes": 120}]
    }
  ]
}
"#;

/// A plan for [`FIRM`] as people write it: everything in time save t1, which ends at 12:00, two
/// hours late.
pub(crate) const BY_HAND: &str = r#"{
  "format": "paidan-plan/1",
  "steps": [
    {"ticket": "t1", "step": "file", "people": ["li"], "start": "2026-03-09T11:00"},
    {"ticket": "t2", "step": "file", "people": ["li"], "start": "2026-03-09T09:00"},
    {"ticket": "t3", "step": "file", "people": ["wang"], "start": "2026-03-09T09:00"}
  ]
}
"#;

/// A folder for one test.
pub(crate) struct Bench {
    folder: PathBuf,
}

impl Bench {
    /// An empty folder of this name with [`FIRM`] in it as `scenario.json` and [`BY_HAND`] as
    /// `hand.json`.
    pub(crate) fn new(name: &str) -> Bench {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // Left over from an earlier run, or not there.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let bench = Bench { folder };
        bench.put("scenario.json", FIRM);
        bench.put("hand.json", BY_HAND);
        bench
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// The files there are.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command, to be run in the folder and in English.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paidan"));
        command.current_dir(&self.folder).args(arguments).stdin(Stdio::null());
        for name in ["LC_ALL", "LC_MESSAGES"] {
            command.env_remove(name);
        }
        command.env("LANG", "en_US.UTF-8");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }
}

/// How a command ended.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Run {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Expects an exit code, and shows what was said when it is another.
    pub(crate) fn expect(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "out:\n{}\nerr:\n{}", self.out, self.err);
        self
    }
}
