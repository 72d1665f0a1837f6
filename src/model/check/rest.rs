//! What is wrong beyond the first faults: the faulty elements are left out, with all that cannot do
//! without them, and the rest is looked at again, so that one fault does not hide the others.

use std::collections::{BTreeMap, BTreeSet};

use super::pass;
use crate::model::issue::{Issue, Severity, has_errors};
use crate::model::scenario::Scenario;

/// How often the rest is looked at; every look leaves out what the one before found faulty.
const MOST_LOOKS: usize = 24;

/// The lists whose elements can be left out.
const LISTS: [&str; 14] = [
    "holidays",
    "calendars",
    "skills",
    "sites",
    "travel",
    "people",
    "clients",
    "bureaus",
    "things",
    "tools",
    "services",
    "tickets",
    "pins",
    "progress",
];

/// Lists without whose elements fewer things seem possible than are.
const MEANS: [&str; 10] = [
    "holidays",
    "calendars",
    "skills",
    "sites",
    "travel",
    "people",
    "bureaus",
    "things",
    "tools",
    "policy",
];

/// References that an element can do without.
const OPTIONAL: [&str; 6] =
    [".owner", ".excluded[", ".mentors[", ".completed[", ".stated[", ".after["];

/// Elements of a scenario that are left out, by list and row.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    rows: BTreeMap<&'static str, BTreeSet<usize>>,
    names: BTreeSet<String>,
    nameless: bool,
    /// What lies in no list is faulty, so that nothing can be said of the rest.
    everything: bool,
}

impl LeftOut {
    /// Leaves out the elements that errors among `issues` stand in.
    pub fn add_faulty(&mut self, issues: &[Issue]) {
        for issue in issues.iter().filter(|issue| issue.severity == Severity::Error) {
            match element(&issue.path) {
                Some((list, row)) => {
                    self.rows.entry(list).or_default().insert(row);
                }
                None => self.everything = true,
            }
        }
    }

    /// Whether nothing can be said of the rest.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// The rows left out of each list.
    #[must_use]
    pub fn rows(&self) -> &BTreeMap<&'static str, BTreeSet<usize>> {
        &self.rows
    }

    /// Notes that an element left out is called `name`; without one, that it might be any.
    pub fn note_name(&mut self, name: Option<&str>) {
        match name {
            Some(name) => {
                self.names.insert(name.to_owned());
            }
            None => self.nameless = true,
        }
    }

    /// Whether `issue` is only that an element left out is missing.
    fn explains(&self, issue: &Issue) -> bool {
        let Some(name) = &issue.stranger else { return false };
        let ticket = name.split_once('/').map_or(name.as_str(), |(ticket, _)| ticket);
        self.nameless && !self.rows.is_empty()
            || self.names.contains(name)
            || self.names.contains(ticket)
            || (name.starts_with('@') && !self.rows.is_empty())
    }

    /// Whether a warning may come from the lack of what is left out.
    fn taints(&self, issue: &Issue) -> bool {
        let lacks_means = MEANS.iter().any(|list| self.rows.contains_key(list));
        match issue.severity {
            Severity::Warning => lacks_means || ["W310", "W311", "W313"].contains(&issue.code),
            Severity::Error => issue.code == "S223" && self.rows.contains_key("holidays"),
        }
    }
}

/// The list and row of the element that `path` lies in.
fn element(path: &str) -> Option<(&'static str, usize)> {
    let (list, rest) = path.strip_prefix("$.")?.split_once('[')?;
    let list = LISTS.iter().find(|known| **known == list)?;
    Some((list, rest.split_once(']')?.0.parse().ok()?))
}

/// What is wrong with the rest of a scenario once `left_out` is left out of it. `scenario` is
/// whole; its issues stand at their places.
pub(super) fn further(mut scenario: Scenario, left_out: LeftOut) -> Vec<Issue> {
    let mut kept = Kept::new(&scenario);
    kept.leave(&mut scenario, left_out);
    kept.look(scenario)
}

/// What is wrong with `scenario`, from whose text `left_out` was left out; issues stand at their
/// places in the text.
#[must_use]
pub fn beyond(scenario: Scenario, left_out: LeftOut) -> Vec<Issue> {
    let kept = Kept::without(&scenario, left_out);
    kept.look(scenario)
}

/// The rows of each list that are left, as they were counted first.
struct Kept {
    rows: BTreeMap<&'static str, Vec<usize>>,
    left_out: LeftOut,
}

impl Kept {
    fn new(scenario: &Scenario) -> Kept {
        Kept::without(scenario, LeftOut::default())
    }

    fn without(scenario: &Scenario, left_out: LeftOut) -> Kept {
        let rows = LISTS.iter().map(|list| {
            let gone = left_out.rows.get(list);
            let kept = (0..).filter(|row| !gone.is_some_and(|gone| gone.contains(row)));
            (*list, kept.take(length(scenario, list)).collect())
        });
        Kept { rows: rows.collect(), left_out }
    }

    /// Looks again and again, leaving out what is faulty, until nothing more is.
    fn look(mut self, mut scenario: Scenario) -> Vec<Issue> {
        let mut told = Vec::new();
        for _ in 0..MOST_LOOKS {
            if self.left_out.everything {
                break;
            }
            let needy = std::cell::RefCell::new(Vec::new());
            let seen = pass(&scenario, &|issue| {
                let is_explained = self.left_out.explains(issue);
                if is_explained && !OPTIONAL.iter().any(|field| issue.path.contains(field)) {
                    needy.borrow_mut().push(issue.clone());
                }
                is_explained
            });
            let needy = needy.into_inner();
            let mut next = LeftOut::default();
            if needy.is_empty() {
                next.add_faulty(&seen.issues);
                let new = seen.issues.iter().filter(|issue| !self.left_out.taints(issue));
                told.extend(new.map(|issue| self.placed(issue)));
                if seen.is_whole || !has_errors(&seen.issues) {
                    break;
                }
            } else {
                next.add_faulty(&needy);
            }
            self.leave(&mut scenario, self.original(next));
        }
        told
    }

    /// `left_out` as rows were counted first.
    fn original(&self, left_out: LeftOut) -> LeftOut {
        let rows = left_out.rows.into_iter().map(|(list, gone)| {
            let known = &self.rows[list];
            (list, gone.into_iter().filter_map(|row| known.get(row).copied()).collect())
        });
        LeftOut { rows: rows.collect(), ..left_out }
    }

    /// Takes more out of `scenario`.
    fn leave(&mut self, scenario: &mut Scenario, more: LeftOut) {
        self.left_out.everything |= more.everything;
        for (list, gone) in more.rows {
            let known = self.rows.get_mut(list).expect("every list is known");
            let is_kept: Vec<bool> = known.iter().map(|row| !gone.contains(row)).collect();
            known.retain(|row| !gone.contains(row));
            take(scenario, list, &is_kept, &mut self.left_out.names);
            self.left_out.rows.entry(list).or_default().extend(gone);
        }
    }

    /// `issue` with the rows it names as they were counted first.
    fn placed(&self, issue: &Issue) -> Issue {
        let again = |text: &str| self.counted(text);
        let mut issue = issue.clone();
        (issue.path, issue.zh, issue.en) = (again(&issue.path), again(&issue.zh), again(&issue.en));
        (issue.hint_zh, issue.hint_en) =
            (issue.hint_zh.as_deref().map(again), issue.hint_en.as_deref().map(again));
        issue
    }

    fn counted(&self, text: &str) -> String {
        let mut parts = text.split("$.");
        let mut counted = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let place = element(&format!("$.{part}"));
            let row = place.and_then(|(list, row)| Some((list, self.rows[list].get(row)?)));
            counted.push_str("$.");
            match (row, part.split_once(']')) {
                (Some((list, row)), Some((_, rest))) => {
                    counted.push_str(&format!("{list}[{row}]{rest}"));
                }
                _ => counted.push_str(part),
            }
        }
        counted
    }
}

/// Does `$act!(list, key of a row)` for the list called `$name`.
macro_rules! with_list {
    ($scenario:expr, $name:expr, $act:ident) => {
        match $name {
            "holidays" => $act!($scenario.holidays, |row| Some(&row.id)),
            "calendars" => $act!($scenario.calendars, |row| Some(&row.id)),
            "skills" => $act!($scenario.skills, |row| Some(&row.id)),
            "sites" => $act!($scenario.sites, |row| Some(&row.id)),
            "travel" => $act!($scenario.travel, |_row| None),
            "people" => $act!($scenario.people, |row| Some(&row.id)),
            "clients" => $act!($scenario.clients, |row| Some(&row.id)),
            "bureaus" => $act!($scenario.bureaus, |row| Some(&row.id)),
            "things" => $act!($scenario.things, |row| Some(&row.id)),
            "tools" => $act!($scenario.tools, |row| Some(&row.id)),
            "services" => $act!($scenario.services, |row| Some(&row.id)),
            "tickets" => $act!($scenario.tickets, |row| Some(&row.id)),
            "pins" => $act!($scenario.pins, |_row| None),
            _ => $act!($scenario.progress, |_row| None),
        }
    };
}

fn length(scenario: &Scenario, list: &str) -> usize {
    macro_rules! count {
        ($list:expr, $key:expr) => {
            $list.len()
        };
    }
    with_list!(scenario, list, count)
}

fn take(scenario: &mut Scenario, list: &str, is_kept: &[bool], names: &mut BTreeSet<String>) {
    macro_rules! keep {
        ($list:expr, $key:expr) => {
            kept(&mut $list, is_kept, names, $key)
        };
    }
    with_list!(scenario, list, keep);
}

/// Keeps the rows that `is_kept` names, and notes what the others are called.
fn kept<T>(
    list: &mut Vec<T>,
    is_kept: &[bool],
    names: &mut BTreeSet<String>,
    key: impl Fn(&T) -> Option<&String>,
) {
    let mut flags = is_kept.iter();
    list.retain(|row| {
        let stays = flags.next().is_none_or(|kept| *kept);
        if !stays && let Some(key) = key(row) {
            names.insert(key.clone());
        }
        stays
    });
}
