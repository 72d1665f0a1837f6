//! How many more people it takes to keep promises: the smallest team whose mean share of kept
//! promises reaches the target with the confidence asked for. The people there are come first: where
//! they are enough, nothing else is tried. Of one kind of people the number is found by halving, as
//! more people under the same chance are taken to keep no fewer promises, and the number before it
//! was always tried. Of several kinds teams are tried by their size, all of one size before the
//! next. A team with which not even the linear bound keeps enough is not simulated. Few replications
//! show nothing, and where all promises are kept the interval is that of the rule of three. Time is
//! one for all teams, and whoever stops gets what was tried.

use super::draw::Luck;
use super::future::{kept_at_most, priced};
use super::record::Record;
use super::statistics::{Estimate, Tail, unseen};
use super::study::{Choice, Fault, LEAST, Order, Stage, grounds, studied};
use super::worth::{free_id, newcomer};
use crate::calendar::Label;
use crate::model::change::Change;
use crate::model::outcome::{Ended, Figure, Inferred, REQUIRED_FORMAT, Required, Tried};
use crate::model::people::Person;
use crate::solver::budget::Stopwatch;

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
    stopwatch: Stopwatch,
    watch: &'w mut dyn FnMut(Stage) -> bool,
    tried: Vec<Tried>,
    /// Why not all teams were tried that had to be.
    ended: Option<Ended>,
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
    let (stopwatch, tried, ended) = (Stopwatch::start(), Vec::new(), None);
    let mut hunt = Hunt { order, target, models, stopwatch, watch, tried, ended };
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
        ended: hunt.ended.unwrap_or(Ended::Replications),
        inferred: if target.kinds.len() == 1 { inferred(&tried, target.most) } else { Vec::new() },
        least,
        tried,
    })
}

/// The numbers of one kind up to `most` that were not tried and about which others tell: they keep
/// no more than more people do, and no less than fewer.
fn inferred(tried: &[Tried], most: u32) -> Vec<Inferred> {
    let enough = tried.iter().filter(|row| row.is_reached).map(|row| row.people[0]).min();
    let short = tried.iter().filter(|row| !row.is_reached).map(|row| row.people[0]).max();
    let answer = |count: u32| {
        let enough = enough.filter(|enough| count > *enough).map(|enough| (true, enough));
        let (is_enough, like) =
            enough.or(short.filter(|short| count < *short).map(|short| (false, short)))?;
        Some(Inferred { people: vec![count], is_enough, like: vec![like] })
    };
    let is_new = |count: &u32| tried.iter().all(|row| row.people[0] != *count);
    (0..=most).filter(is_new).filter_map(answer).collect()
}

/// Somebody like `person` who begins anew, and stays.
fn fresh(mut person: Person) -> Person {
    person.name = None;
    person.absences.clear();
    person.bands.iter_mut().for_each(|band| band.used.clear());
    person
}

impl Hunt<'_, '_> {
    /// The smallest number of the one kind there is, as far as was tried.
    fn halve(&mut self) -> Result<Option<Vec<u32>>, Fault> {
        let most = self.target.most;
        match self.reaches(&[0])? {
            Some(true) => return Ok(Some(vec![0])),
            Some(false) if most > 0 => {}
            _ => return Ok(None),
        }
        if self.reaches(&[most])? != Some(true) {
            return Ok(None);
        }
        // Everything below `low` is too few; `high` is enough.
        let (mut low, mut high) = (1, most);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.reaches(&[middle])? {
                Some(true) => high = middle,
                Some(false) => low = middle + 1,
                None => break,
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
                match self.reaches(&team)? {
                    Some(true) => return Ok(Some(team)),
                    Some(false) => {}
                    None => return Ok(None),
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

    /// Milliseconds that are left for all that is still to be tried.
    fn left(&self) -> Option<u64> {
        self.order.milliseconds.map(|most| most.saturating_sub(self.stopwatch.milliseconds()))
    }

    /// Whether `team` reaches the target; `None` where the search ended before that was known.
    fn reaches(&mut self, team: &[u32]) -> Result<Option<bool>, Fault> {
        let milliseconds = self.stopwatch.milliseconds();
        let stage = Stage { done: 0, most: self.order.replications, milliseconds };
        if self.ended.is_none() && !(self.watch)(stage) {
            self.ended = Some(Ended::Interrupted);
        } else if self.ended.is_none() && !self.tried.is_empty() && self.left() == Some(0) {
            self.ended = Some(Ended::Seconds);
        }
        if self.ended.is_some() {
            return Ok(None);
        }
        let people = team.to_vec();
        let target = self.target.kept_permille;
        let bound = self.at_most(team)?;
        let is_hopeless = |(bound, _): &(Figure, u32)| bound.is_below(i64::from(target));
        if let Some((kept_permille, replications)) = bound.filter(is_hopeless) {
            let (is_bound, is_reached) = (true, false);
            self.tried.push(Tried { people, kept_permille, replications, is_bound, is_reached });
            return Ok(Some(false));
        }
        if self.ended.is_some() {
            return Ok(None);
        }
        let Some((kept_permille, replications)) = self.kept(team)? else { return Ok(None) };
        let is_reached = is_reached((kept_permille, replications), target);
        let is_bound = false;
        self.tried.push(Tried { people, kept_permille, replications, is_bound, is_reached });
        let is_settled =
            self.ended.is_none() || is_reached || kept_permille.is_below(i64::from(target));
        Ok(is_settled.then_some(is_reached))
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
    /// first replications, as many as a quarter of the time is enough for.
    fn at_most(&mut self, team: &[u32]) -> Result<Option<(Figure, u32)>, Fault> {
        let choices = [self.with(team)];
        let grounds = grounds(&Order { choices: &choices, ..self.order.clone() })?;
        let (count, is_urgent) = (self.order.replications.min(BOUNDED), self.target.is_urgent);
        let milliseconds = self.left().map(|left| left / 4);
        let order = Order { milliseconds, ..self.order.clone() };
        let told = priced(&order, (count, 0), self.watch, |row, proofs| {
            kept_at_most(&grounds[0], Luck::new(order.seed, row), is_urgent, proofs)
        })?;
        // The rest of the time is for the simulation, which tells more.
        self.ended = told.ended.filter(|ended| *ended == Ended::Interrupted);
        let shares: Vec<(i64, u64)> = told.whole.into_iter().flatten().collect();
        let count = u32::try_from(shares.len()).unwrap_or(u32::MAX);
        Ok((count > 0).then(|| (self.figure(&shares), count)))
    }

    /// The share of kept promises with `team` more, and over how many replications; `None` where it
    /// was stopped before the first of them.
    fn kept(&mut self, team: &[u32]) -> Result<Option<(Figure, u32)>, Fault> {
        let choices = [self.with(team)];
        let policies = &self.order.policies[..self.order.policies.len().min(1)];
        let milliseconds = self.left();
        let order = Order { choices: &choices, policies, milliseconds, ..self.order.clone() };
        let found = match studied(&order, None, self.watch) {
            Err(Fault::Nothing) => {
                self.ended = Some(Ended::Interrupted);
                return Ok(None);
            }
            found => found?,
        };
        let is_short = |ended: &Ended| matches!(ended, Ended::Seconds | Ended::Interrupted);
        self.ended = Some(found.ended).filter(is_short);
        let is_urgent = self.target.is_urgent;
        let records = found.records[0].iter();
        let share =
            |record: &Record| Some((record.kept_permille(is_urgent)?, record.promises(is_urgent)));
        let shares: Vec<(i64, u64)> = records.filter_map(share).collect();
        let count = u32::try_from(found.records[0].len()).unwrap_or(u32::MAX);
        Ok(Some((self.figure(&shares), count)))
    }

    /// The mean with its interval at the confidence asked for, from the share and the number of
    /// promises of each replication. Where shares hardly differ, chance is in what was not seen.
    fn figure(&self, shares: &[(i64, u64)]) -> Figure {
        let tail = self.target.tail();
        let all = shares.iter().map(|(_, promises)| promises).sum();
        let shares: Vec<i64> = shares.iter().map(|(share, _)| *share).collect();
        let Estimate { mean, half_width } = Estimate::of(&shares, tail);
        Figure { mean, half_width: half_width.map(|half| half.max(unseen(all, tail))) }
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

/// Whether the whole interval of `kept` lies at or above `target`; a figure without an interval, or
/// of few replications, shows nothing.
fn is_reached((kept, replications): (Figure, u32), target: u32) -> bool {
    let is_above = |half| kept.mean - half >= i64::from(target);
    replications >= LEAST && kept.half_width.is_some_and(is_above)
}

/// Replications of which the bound is asked.
const BOUNDED: u32 = 8;

#[cfg(test)]
mod tests {
    use super::{is_reached, teams};
    use crate::model::outcome::Figure;

    #[test]
    fn few_replications_show_nothing() {
        let figure = |mean, half_width| Figure { mean, half_width };
        assert!(!is_reached((figure(1_000, None), 40), 900));
        assert!(!is_reached((figure(1_000, Some(0)), 39), 900));
        assert!(!is_reached((figure(920, Some(21)), 40), 900));
        assert!(is_reached((figure(920, Some(20)), 40), 900));
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
