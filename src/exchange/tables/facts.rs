//! Progress and pins put into a scenario: rows about steps. Must not know what a plan makes of
//! them.

use std::collections::BTreeMap;

use super::column::Kind;
use super::edit::Edit;
use super::grid::{empty, kept};
use super::merge::Merging;
use super::rows::{Named, PinRow, ProgressRow, State};
use crate::model::issue::Issue;
use crate::model::near::nearest;
use crate::model::scenario::{Pin, Progress, ProgressState};
use crate::model::written::{names_of_steps, written_step};

impl Merging {
    /// Reports of progress, each in the place of what was known of its step.
    pub(super) fn progress(&mut self, rows: &[ProgressRow]) {
        let listed = self.scenario.progress.iter().enumerate();
        let mut places: BTreeMap<String, usize> =
            listed.map(|(place, known)| (known.step.clone(), place)).collect();
        let mut withdrawn = Vec::new();
        let mut cells: BTreeMap<String, &str> = BTreeMap::new();
        for row in rows {
            let Some((key, is_wait)) = self.step(&row.ticket, &row.step) else { continue };
            let place = places.get(&key).copied();
            if row.state == Edit::Clear {
                withdrawn.extend(place);
                continue;
            }
            let known = place.map(|place| self.scenario.progress[place].clone());
            let Some(news) = self.news(row, key.clone(), known, is_wait) else { continue };
            match place {
                Some(place) => {
                    self.merged.progress.1 += 1;
                    self.scenario.progress[place] = news;
                }
                None => {
                    self.merged.progress.0 += 1;
                    places.insert(key.clone(), self.scenario.progress.len());
                    self.scenario.progress.push(news);
                }
            }
            cells.insert(key, row.step.at.as_str());
        }
        self.merged.progress.1 += withdrawn.len();
        remove(&mut self.scenario.progress, &withdrawn);
        let steps = self.scenario.progress.iter().enumerate();
        let wrote = steps.filter_map(|(place, known)| Some((place, *cells.get(&known.step)?)));
        for (place, cell) in wrote.collect::<Vec<_>>() {
            self.wrote("progress", place, cell);
        }
    }

    /// What is known of a step after `row`.
    fn news(
        &mut self,
        row: &ProgressRow,
        step: String,
        known: Option<Progress>,
        is_wait: bool,
    ) -> Option<Progress> {
        let issues = &mut self.issues;
        let before = issues.len();
        let [state_at, people_at, start_at, end_at, left_at] = row.at.each_ref();
        let mut lacks = |key, at: &String| issues.push(empty(Kind::Progress, key, at.clone()));
        let state = match (row.state.stated(), &known) {
            (Some(State::Done), _) => Some(ProgressState::Done),
            (Some(State::TookLonger), _) if row.end.stated().is_some() && !is_wait => {
                Some(ProgressState::Done)
            }
            (Some(State::TookLonger), _) if row.minutes_left.stated().is_none() && !is_wait => {
                lacks("minutes left", left_at);
                None
            }
            (Some(State::Started | State::TookLonger), _) => Some(ProgressState::Begun),
            (None, Some(known)) => Some(known.state),
            (None, None) => {
                lacks("state", state_at);
                None
            }
        };
        let was = known.as_ref().map(|known| known.state);
        let (mut people, mut start, mut end, mut left) = known.map_or_else(
            || (Vec::new(), None, None, None),
            |known| (known.people, Some(known.start), known.end, known.remaining_minutes),
        );
        // What was true of a step under way is not true of one that is done, nor the other way.
        if state != was {
            (end, left) = (None, None);
        }
        row.start.clone().change(&mut start);
        row.end.clone().change(&mut end);
        row.minutes_left.clone().change(&mut left);
        match state {
            Some(ProgressState::Done) if end.is_none() => lacks("end", end_at),
            Some(ProgressState::Done) => left = None,
            Some(ProgressState::Begun) if left.is_none() && !is_wait => {
                lacks("minutes left", left_at);
            }
            Some(ProgressState::Begun) | None => {}
        }
        match (&row.start, start) {
            (Edit::Clear, _) => issues.push(kept(Kind::Progress, "start", start_at.clone())),
            (_, None) => lacks("start", start_at),
            _ => {}
        }
        let named = row.people.read(|names| Some(self.names.people.find_all(names, issues)));
        named.change_or_default(&mut people);
        if people.is_empty() && !is_wait && row.people.stated().is_none() {
            issues.push(empty(Kind::Progress, "people", people_at.clone()));
        }
        if issues.len() > before {
            return None;
        }
        Some(Progress { step, state: state?, people, start: start?, end, remaining_minutes: left })
    }

    /// Pins: the first row of a step changes its first pin, the second its second.
    pub(super) fn pins(&mut self, rows: &[PinRow]) {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, pin) in self.scenario.pins.iter().enumerate().rev() {
            places.entry(pin.step.clone()).or_default().push(place);
        }
        let (mut empty, mut cells) = (Vec::new(), Vec::new());
        for row in rows {
            let Some((step, _)) = self.step(&row.ticket, &row.step) else { continue };
            let issues = &mut self.issues;
            let people = row.people.read(|names| Some(self.names.people.find_all(names, issues)));
            let then = match &row.then {
                Edit::Set(named) => match self.whole(named) {
                    Some(key) => Edit::Set(key),
                    None => continue,
                },
                Edit::Clear => Edit::Clear,
                Edit::Keep => Edit::Keep,
            };
            let known = places.get_mut(&step).and_then(Vec::pop);
            let place = known.unwrap_or_else(|| {
                let pin = Pin { step, people: Vec::new(), start: None, then: None };
                self.scenario.pins.push(pin);
                self.scenario.pins.len() - 1
            });
            let pin = &mut self.scenario.pins[place];
            people.change_or_default(&mut pin.people);
            row.start.clone().change(&mut pin.start);
            then.change(&mut pin.then);
            let fixes_nothing = pin.people.is_empty() && pin.start.is_none() && pin.then.is_none();
            if !fixes_nothing {
                cells.push((place, row.step.at.as_str()));
            }
            match known {
                Some(_) => self.merged.pins.1 += 1,
                None => self.merged.pins.0 += 1,
            }
            if fixes_nothing && known.is_some() {
                empty.push(place);
            } else if fixes_nothing {
                self.lacks(&row.step.at, "员工、开始或之后", "people, start or then");
            }
        }
        remove(&mut self.scenario.pins, &empty);
        for (place, cell) in cells {
            let before = empty.iter().filter(|gone| **gone < place).count();
            self.wrote("pins", place - before, cell);
        }
    }

    /// The key `ticket/step` of the step called `step`, and whether it is a wait.
    fn step(&mut self, ticket: &Named, step: &Named) -> Option<(String, bool)> {
        let id = self.names.tickets.find(ticket, &mut self.issues)?;
        let row = *self.rows.tickets.get(&id)?;
        let scenario = &self.scenario;
        let written = |name: &str| {
            let (_, found) = written_step(scenario, row, name)?;
            Some((format!("{id}/{name}"), found.seats.is_empty()))
        };
        if let Some(found) = written(&step.name) {
            return Some(found);
        }
        let known = names_of_steps(scenario, row);
        let bears = |name: &&String| {
            let label = written_step(scenario, row, name).and_then(|(_, step)| step.name.as_ref());
            label.is_some_and(|label| label.zh == step.name || label.en == step.name)
        };
        let called: Vec<&String> = known.iter().filter(bears).collect();
        let name = &step.name;
        let issue = match called.as_slice() {
            [only] => return written(only),
            [] => {
                let issue = Issue::error(
                    "T412",
                    step.at.clone(),
                    format!("工单“{id}”没有名为“{name}”的步骤"),
                    format!("ticket \"{id}\" has no step called \"{name}\""),
                );
                let all = known.join(", ");
                match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => {
                        issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?"))
                    }
                    None => issue.hint(format!("步骤有：{all}"), format!("its steps: {all}")),
                }
            }
            several => {
                let all: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
                let all = all.join(", ");
                let issue = Issue::error(
                    "T413",
                    step.at.clone(),
                    format!("工单“{id}”叫“{name}”的步骤不止一个：{all}"),
                    format!("ticket \"{id}\" has more than one step called \"{name}\": {all}"),
                );
                issue.hint("改写编号", "write the id")
            }
        };
        self.issues.push(issue);
        None
    }

    /// The key of a step written as `ticket/step`; either may hold further strokes.
    fn whole(&mut self, named: &Named) -> Option<String> {
        let strokes = named.name.match_indices('/');
        let parts = strokes.map(|(at, _)| (named.name[..at].trim(), named.name[at + 1..].trim()));
        let Some((ticket, step)) = parts.clone().find(|(ticket, _)| self.names.tickets.has(ticket))
        else {
            let name = &named.name;
            let issue = Issue::error(
                "T412",
                named.at.clone(),
                format!("“{name}”不是“工单/步骤”"),
                format!("\"{name}\" is not ticket/step"),
            );
            let (zh, en) = ("写作 T-001/prepare", "write it like T-001/prepare");
            self.issues.push(issue.hint(zh, en));
            return None;
        };
        let part = |name: &str| Named { name: name.to_owned(), at: named.at.clone() };
        Some(self.step(&part(ticket), &part(step))?.0)
    }
}

/// `rows` without those at `places`.
fn remove<T>(rows: &mut Vec<T>, places: &[usize]) {
    let mut place = 0;
    rows.retain(|_| {
        place += 1;
        !places.contains(&(place - 1))
    });
}
