//! A walk over events that finds what was changed, moved or taken away (R076, R104, R243). Must
//! not know where they are kept.
//!
//! One fault is told as one where it can be: a changed event does not make the next one a fault,
//! nor does a gap. A log that has a fault may hide others behind it. Memory grows with the number
//! of streams, not of events.

use std::collections::BTreeMap;

use super::checkpoint::{Checkpoint, root};
use super::event::{Event, Head, Stream};
use super::fault::{Fault, Spot};
use super::hash::Hash;
use super::signature::PublicKey;

/// Faults after which the rest are counted only.
pub const MOST_FAULTS: usize = 1_000;

/// Numbers that were left out so far: the first of each run with its last.
#[derive(Debug, Default)]
struct Missing(BTreeMap<u64, u64>);

impl Missing {
    fn add(&mut self, first: u64, last: u64) {
        self.0.insert(first, last);
    }

    /// Takes `number` out; false when it was not left out.
    fn take(&mut self, number: u64) -> bool {
        let Some((&first, &last)) = self.0.range(..=number).next_back() else { return false };
        if number > last {
            return false;
        }
        self.0.remove(&first);
        if first < number {
            self.0.insert(first, number - 1);
        }
        if number < last {
            self.0.insert(number + 1, last);
        }
        true
    }
}

/// How far numbers that should come one after another have come.
#[derive(Debug, Default)]
struct Count {
    last: u64,
    missing: Missing,
}

/// How a number stands to those before it.
enum Turn {
    Next,
    /// Some were left out.
    After,
    /// It was left out before.
    Late,
    Taken,
}

impl Count {
    fn turn(&mut self, number: u64) -> Turn {
        if number <= self.last {
            return if self.missing.take(number) { Turn::Late } else { Turn::Taken };
        }
        let left_out = number - self.last > 1;
        if left_out {
            self.missing.add(self.last + 1, number - 1);
        }
        self.last = number;
        if left_out { Turn::After } else { Turn::Next }
    }
}

#[derive(Debug, Default)]
struct Chain {
    count: Count,
    /// The hash its last event says it has.
    said: Option<Hash>,
    /// The hash the content of its last event has.
    found: Option<Hash>,
}

impl Chain {
    fn head(&self) -> Head {
        Head { seq: self.count.last, hash: self.said.unwrap_or(Hash::ZERO) }
    }
}

/// What a walk found.
#[derive(Debug)]
pub struct Findings {
    /// What is wrong, the first [`MOST_FAULTS`].
    pub faults: Vec<Fault>,
    /// How much more is wrong.
    pub more: usize,
    /// How many events there were.
    pub events: u64,
    /// The last position.
    pub end: u64,
    /// Where each stream ends.
    pub heads: BTreeMap<Stream, Head>,
}

/// A walk: events are shown to it one by one.
#[derive(Debug, Default)]
pub struct Walk {
    is_whole: bool,
    positions: Count,
    chains: BTreeMap<Stream, Chain>,
    /// Those still ahead, the nearest last.
    checkpoints: Vec<Checkpoint>,
    faults: Vec<Fault>,
    more: usize,
    events: u64,
}

impl Walk {
    /// Over one stream, from its first event.
    #[must_use]
    pub fn of_stream() -> Walk {
        Walk::default()
    }

    /// Over a whole log, from its first event, held against checkpoints that `key` signed.
    #[must_use]
    pub fn of_log(mut checkpoints: Vec<Checkpoint>, key: Option<&PublicKey>) -> Walk {
        let mut walk = Walk { is_whole: true, ..Walk::default() };
        for checkpoint in &checkpoints {
            if !checkpoint.is_signed_with(key.unwrap_or(&checkpoint.key)) {
                walk.tell(Fault::Forged { position: checkpoint.position });
            }
        }
        checkpoints.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.position));
        Walk { checkpoints, ..walk }
    }

    fn tell(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Notes something that could not be read as an event.
    pub fn unreadable(&mut self, place: String, what: String) {
        self.tell(Fault::Unreadable { place, what });
    }

    /// Notes that the event at `position` is there and cannot be read.
    pub fn skip(&mut self, position: u64, what: String) {
        self.pass_checkpoints(position);
        self.positions.turn(position);
        self.unreadable(format!("position {position}"), what);
    }

    /// Notes that there are more events, which are not going to be shown: checkpoints ahead say
    /// nothing then.
    pub fn give_up(&mut self) {
        self.checkpoints.clear();
    }

    /// Looks at the next event.
    pub fn step(&mut self, event: &Event) {
        self.pass_checkpoints(event.position);
        self.events += 1;
        let spot =
            || Spot { stream: event.stream.clone(), seq: event.seq, position: event.position };
        let content = event.content_hash();
        let is_changed = content != event.hash;
        if is_changed {
            self.tell(Fault::Changed(spot()));
        }
        let turn = if self.is_whole { self.positions.turn(event.position) } else { Turn::Next };
        let is_late = matches!(turn, Turn::Late);
        match turn {
            Turn::Late => self.tell(Fault::Misplaced(spot())),
            Turn::Taken => return self.tell(Fault::Repeated(spot())),
            Turn::Next | Turn::After => {}
        }
        let chain = self.chains.entry(event.stream.clone()).or_default();
        // Where it stands in its stream is not to be relied on either.
        if is_changed && chain.count.last.checked_add(1) != Some(event.seq) {
            return;
        }
        let fault = match chain.count.turn(event.seq) {
            Turn::Next => {
                let is_linked = match (chain.said, chain.found) {
                    (None, _) => event.previous == Hash::ZERO,
                    (said, found) => [said, found].contains(&Some(event.previous)),
                };
                (!is_linked && !is_changed).then(|| Fault::Unlinked(spot()))
            }
            Turn::Late => (!is_late).then(|| Fault::Misplaced(spot())),
            Turn::Taken => Some(Fault::Repeated(spot())),
            Turn::After => None,
        };
        if event.seq == chain.count.last {
            (chain.said, chain.found) = (Some(event.hash), Some(content));
        }
        if let Some(fault) = fault {
            self.tell(fault);
        }
    }

    /// Holds the heads so far against every checkpoint before `position`.
    fn pass_checkpoints(&mut self, position: u64) {
        while self.checkpoints.last().is_some_and(|next| next.position < position) {
            let checkpoint = self.checkpoints.pop().expect("one is left");
            let heads = self.chains.iter().map(|(stream, chain)| (stream, chain.head()));
            if root(heads) != (checkpoint.root, checkpoint.streams) {
                self.tell(Fault::Rewritten { position: checkpoint.position });
            }
        }
    }

    /// What was found, now that there are no more events.
    #[must_use]
    pub fn end(mut self) -> Findings {
        let end = self.positions.last;
        self.pass_checkpoints(end.saturating_add(1));
        for checkpoint in std::mem::take(&mut self.checkpoints).into_iter().rev() {
            self.tell(Fault::Cut { position: checkpoint.position, end });
        }
        for (first, last) in std::mem::take(&mut self.positions.missing.0) {
            self.tell(Fault::Lost { first, last });
        }
        let chains = std::mem::take(&mut self.chains);
        let mut heads = BTreeMap::new();
        for (stream, chain) in chains {
            heads.insert(stream.clone(), chain.head());
            for (first, last) in chain.count.missing.0 {
                self.tell(Fault::Gap { stream: stream.clone(), first, last });
            }
        }
        let Walk { faults, more, events, .. } = self;
        Findings { faults, more, events, end, heads }
    }
}

/// All that is wrong with `events`, which should be one stream from its first event. Whether its
/// end was cut off, only a checkpoint can tell.
#[must_use]
pub fn check_chain(events: &[Event]) -> Vec<Fault> {
    walked(Walk::of_stream(), events)
}

/// All that is wrong with `events`, which should be a whole log in the order of positions, held
/// against checkpoints that `key` signed.
#[must_use]
pub fn check_log(events: &[Event], checkpoints: &[Checkpoint], key: &PublicKey) -> Vec<Fault> {
    walked(Walk::of_log(checkpoints.to_vec(), Some(key)), events)
}

fn walked(mut walk: Walk, events: &[Event]) -> Vec<Fault> {
    events.iter().for_each(|event| walk.step(event));
    walk.end().faults
}
