//! How many more people it takes to keep promises: the smallest team whose mean share of kept
//! promises reaches the target with the confidence asked for. Of one kind of people the number is
//! found by halving, as more people under the same chance are taken to keep no fewer promises, and
//! the number before it was always tried. Of several kinds teams are tried by their size, all of
//! one size before the next. A team with which not even the linear bound keeps enough is not
//! simulated.

use super::draw::Luck;
use super::future::kept_at_most;
use super::statistics::{Estimate, Tail};
use super::study::{Choice, Fault, Order, Stage, grounds, studied};
use super::worth::{free_id, newcomer};
use crate::calendar::Label;
use crate::model::change::Change;
use crate::model::outcome::{Ended, Figure, REQUIRED_FORMAT, Required, Tried};
use crate::model::people::Person;
use crate::solver::budget::Stopwatch;
use crate::solver::lanes::Threads;

/// What is to be reached.
#[derive(Clone, Debug)]
pub struct Target {
    /// The kinds of new people.
    pub kinds: Vec<Kind>,
    /// The least share of kept promises, in thousandths.
    pub kept_permille: u32,
    /// Whether only urgent tickets count.
    pub is_urgent: bool,
    /// Most new people looked at.
    pub most: u32,
    /// With which confidence the mean reaches it, one-sided, in thousandths: 900 to 999.
    pub confidence_permille: u32,
}

/// What new people are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Like somebody of the firm.
    Person(String),
    /// Able to do this at the highest level of the firm, and nothing else.
    Skill(String),
}

impl Kind {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        let (Kind::Person(name) | Kind::Skill(name)) = self;
        name
    }
}

impl Target {
    /// The chance of a mean that reaches it although the truth does not.
    fn tail(&self) -> Tail {
        (1_000 - self.confidence_permille.min(1_000)) * 10
    }
}

/// The search for a team.
struct Hunt<'a, 'w> {
    order: &'a Order<'a>,
    target: &'a Target,
    /// One of each kind.
    models: Vec<Person>,
    threads: Threads,
    stopwatch: Stopwatch,
    watch: &'w mut dyn FnMut(Stage) -> bool,
    tried: Vec<Tried>,
}

/// The smallest team that reaches `target` under the first policy of `order`.
///
/// # Errors
/// As [`simulate()`](super::simulate()).
pub fn required(
    order: &Order<'_>,
    target: &Target,
    watch: &mut dyn FnMut(Stage) -> bool,
) -> Result<Required, Fault> {
    let first = &order.choices[..order.choices.len().min(1)];
    let ground = grounds(&Order { choices: first, ..order.clone() })?.remove(0);
    let model = |kind: &Kind| match kind {
        Kind::Person(id) => ground.scenario.people.iter().find(|row| row.id == *id).cloned(),
        Kind::Skill(skill) => newcomer(&ground, skill),
    };
    let models: Vec<Person> = target.kinds.iter().filter_map(model).map(fresh).collect();
    let threads = Threads::new(order.threads).map_err(Fault::Threads)?;
    let (stopwatch, tried) = (Stopwatch::start(), Vec::new());
    let mut hunt = Hunt { order, target, models, threads, stopwatch, watch, tried };
    let least = match hunt.models.len() {
        0 => return Err(Fault::Nothing),
        1 => hunt.halve()?,
        _ => hunt.climb()?,
    };
    let mut tried = hunt.tried;
    tried.sort_by_key(|row| (row.people.iter().sum::<u32>(), row.people.clone()));
    Ok(Required {
        format: REQUIRED_FORMAT.to_owned(),
        like: target.kinds.iter().map(|kind| kind.name().to_owned()).collect(),
        target_permille: target.kept_permille,
        confidence_permille: target.confidence_permille,
        is_urgent: target.is_urgent,
        least,
        tried,
    })
}

/// Somebody like `person` who begins anew, and stays.
fn fresh(mut person: Person) -> Person {
    person.name = None;
    person.absences.clear();
    person.bands.iter_mut().for_each(|band| band.used.clear());
    person
}

impl Hunt<'_, '_> {
    /// The smallest number of the one kind there is.
    fn halve(&mut self) -> Result<Option<Vec<u32>>, Fault> {
        // Everything below `low` is too few; `high` is enough once it has been tried.
        let (mut low, mut high) = (0, self.target.most);
        if !self.reaches(&[high])? {
            return Ok(None);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.reaches(&[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(Some(vec![high]))
    }

    /// The smallest team of several kinds: all of one size, the most promising first.
    fn climb(&mut self) -> Result<Option<Vec<u32>>, Fault> {
        for size in 0..=self.target.most {
            let mut teams = teams(self.models.len(), size);
            teams.sort_by_key(|team| std::cmp::Reverse(self.promise(team)));
            for team in teams {
                if self.reaches(&team)? {
                    return Ok(Some(team));
                }
            }
        }
        Ok(None)
    }

    /// What those one smaller kept, at most.
    fn promise(&self, team: &[u32]) -> i64 {
        let is_smaller = |row: &&Tried| {
            let less = row.people.iter().zip(team).all(|(one, other)| one <= other);
            less && row.people.iter().sum::<u32>() + 1 == team.iter().sum::<u32>()
        };
        let smaller = self.tried.iter().filter(is_smaller);
        smaller.map(|row| row.kept_permille.mean).max().unwrap_or(0)
    }

    /// Whether `team` reaches the target.
    fn reaches(&mut self, team: &[u32]) -> Result<bool, Fault> {
        let milliseconds = self.stopwatch.milliseconds();
        if !(self.watch)(Stage { done: 0, most: self.order.replications, milliseconds }) {
            return Err(Fault::Nothing);
        }
        let people = team.to_vec();
        let target = i64::from(self.target.kept_permille);
        let bound = self.at_most(team)?;
        let is_hopeless = |(bound, _): &(Figure, u32)| {
            bound.half_width.is_some_and(|half| bound.mean + half < target)
        };
        if let Some((kept_permille, replications)) = bound.filter(is_hopeless) {
            let (is_bound, is_reached) = (true, false);
            self.tried.push(Tried { people, kept_permille, replications, is_bound, is_reached });
            return Ok(false);
        }
        let (kept_permille, replications) = self.kept(team)?;
        let is_reached = is_reached(kept_permille, self.target.kept_permille);
        let is_bound = false;
        self.tried.push(Tried { people, kept_permille, replications, is_bound, is_reached });
        Ok(is_reached)
    }

    /// The first option with `team` more.
    fn with(&self, team: &[u32]) -> Choice {
        let mut people = self.order.scenario.people.clone();
        let first = self.order.choices.first();
        let mut changes = first.map_or_else(Vec::new, |first| first.changes.clone());
        for (model, count) in self.models.iter().zip(team) {
            for row in 1..=*count {
                let id = free_id(&people, &format!("{}+{row}", model.id));
                let person = Person { id, ..model.clone() };
                people.push(person.clone());
                changes.push(Change::AddPerson { person: Box::new(person) });
            }
        }
        Choice { name: Label::new("", ""), changes }
    }

    /// The share of promises that nobody could surpass with `team` more, by the linear bound of the
    /// first replications.
    fn at_most(&self, team: &[u32]) -> Result<Option<(Figure, u32)>, Fault> {
        let choices = [self.with(team)];
        let grounds = grounds(&Order { choices: &choices, ..self.order.clone() })?;
        let rows: Vec<u32> = (0..self.order.replications.min(BOUNDED)).collect();
        let shares = self.threads.map_singly(&rows, |row| {
            let luck = Luck::new(self.order.seed, *row);
            kept_at_most(&grounds[0], luck, self.target.is_urgent, PROOF_STEPS)
        });
        let shares: Vec<i64> = shares.into_iter().flatten().collect();
        let count = u32::try_from(shares.len()).unwrap_or(u32::MAX);
        Ok((count > 0).then(|| (self.figure(&shares), count)))
    }

    /// The share of kept promises with `team` more, and over how many replications.
    fn kept(&mut self, team: &[u32]) -> Result<(Figure, u32), Fault> {
        let choices = [self.with(team)];
        let policies = &self.order.policies[..self.order.policies.len().min(1)];
        // One stopwatch for all teams tried.
        let left = |most: u64| most.saturating_sub(self.stopwatch.milliseconds());
        let milliseconds = self.order.milliseconds.map(left);
        let order = Order { choices: &choices, policies, milliseconds, ..self.order.clone() };
        let found = studied(&order, None, self.watch)?;
        // Who was interrupted knows less than he asked for.
        if found.ended == Ended::Interrupted {
            return Err(Fault::Nothing);
        }
        let is_urgent = self.target.is_urgent;
        let shares = found.records[0].iter().filter_map(|record| record.kept_permille(is_urgent));
        let shares: Vec<i64> = shares.collect();
        let count = u32::try_from(found.records[0].len()).unwrap_or(u32::MAX);
        Ok((self.figure(&shares), count))
    }

    /// The mean with its interval at the confidence asked for.
    fn figure(&self, shares: &[i64]) -> Figure {
        let Estimate { mean, half_width } = Estimate::of(shares, self.target.tail());
        Figure { mean, half_width }
    }
}

/// All teams of `size` people of so many kinds.
fn teams(kinds: usize, size: u32) -> Vec<Vec<u32>> {
    if kinds <= 1 {
        return vec![vec![size]];
    }
    let rest = |first: u32| {
        let rest = teams(kinds - 1, size - first).into_iter();
        rest.map(move |team| [vec![first], team].concat())
    };
    (0..=size).flat_map(rest).collect()
}

/// Whether the whole interval of `kept` lies at or above `target`; a figure without an interval
/// shows nothing.
fn is_reached(kept: Figure, target: u32) -> bool {
    kept.half_width.is_some_and(|half| kept.mean - half >= i64::from(target))
}

/// Replications of which the bound is asked.
const BOUNDED: u32 = 8;

/// Steps of each proof.
const PROOF_STEPS: u32 = 6;

#[cfg(test)]
mod tests {
    use super::{is_reached, teams};
    use crate::model::outcome::Figure;

    #[test]
    fn one_replication_shows_nothing() {
        let figure = |mean, half_width| Figure { mean, half_width };
        assert!(!is_reached(figure(1_000, None), 900));
        assert!(!is_reached(figure(920, Some(21)), 900) && is_reached(figure(920, Some(20)), 900));
    }

    /// Two people of three kinds: 2 of one kind in three ways, one of two kinds in three.
    #[test]
    fn all_teams_of_a_size_are_tried() {
        let mut all = teams(3, 2);
        all.sort_unstable();
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|team| team.iter().sum::<u32>() == 2));
        all.dedup();
        assert_eq!(all.len(), 6);
    }
}
