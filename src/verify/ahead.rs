//! What a step of a plan by hand must make way for: what its people and things begin next and
//! what follows it, told from the starts alone, so that its end can be told from them.

use super::order::Lags;
use super::replay::Row;
use crate::id::{Column, Id};
use crate::model::ticket::LinkKind;
use crate::model::work::{Lag, Person, Site, Step, Thing, Ticket, Work};
use crate::time::Tick;

/// A start and the site of its step.
type Visit = (Tick, Option<Id<Site>>);

/// The starts of a plan, by what they wait for.
pub(super) struct Ahead {
    /// Starts of each person's steps and where they are, sorted.
    people: Column<Person, Vec<Visit>>,
    /// Starts of the steps that hold each thing, sorted.
    things: Column<Thing, Vec<Tick>>,
    /// Starts of the steps that follow each step, with the lag between.
    followers: Column<Step, Vec<(Tick, Lag)>>,
    /// The first start of the tickets that come after each ticket.
    tickets: Column<Ticket, Option<Tick>>,
}

impl Ahead {
    pub(super) fn new(work: &Work, rows: &Column<Step, Option<Row>>) -> Ahead {
        let mut ahead = Ahead {
            people: work.people.iter().map(|_| Vec::new()).collect(),
            things: work.things.iter().map(|_| Vec::new()).collect(),
            followers: work.steps.iter().map(|_| Vec::new()).collect(),
            tickets: work.tickets.iter().map(|_| None).collect(),
        };
        for (id, row) in rows.pairs() {
            let Some(row) = row else { continue };
            let step = &work.steps[id];
            for &person in &row.people {
                ahead.people[person].push((row.start, step.site));
            }
            for &thing in &step.things {
                ahead.things[thing].push(row.start);
            }
            for link in step.links.iter().filter(|link| link.kind == LinkKind::FinishStart) {
                ahead.followers[link.step].push((row.start, link.lag));
            }
            for &other in &work.tickets[step.ticket].after {
                let first = &mut ahead.tickets[other];
                *first = Some(first.map_or(row.start, |first| first.min(row.start)));
            }
        }
        for person in work.people.ids() {
            ahead.people[person].sort_unstable();
        }
        for thing in work.things.ids() {
            ahead.things[thing].sort_unstable();
        }
        ahead
    }

    /// Whether `step`, placed as `row`, makes way in time when it ends at `end`.
    pub(super) fn fits(
        &self,
        work: &Work,
        lags: &mut Lags,
        id: Id<Step>,
        row: &Row,
        end: Tick,
    ) -> bool {
        let step = &work.steps[id];
        if step.latest_end.is_some_and(|latest| end > latest) {
            return false;
        }
        let things = step.things.iter().all(|thing| {
            let next = self.things[*thing].iter().find(|start| **start > row.start);
            next.is_none_or(|next| end <= *next)
        });
        let people = row.people.iter().all(|&person| {
            let line = &self.people[person];
            let next = line.get(line.partition_point(|(start, _)| *start <= row.start));
            next.is_none_or(|&(start, there)| {
                let here = step.site.or(work.people[person].base);
                let today = work.zone.date(end - 1) == work.zone.date(start);
                let way = match (here, there) {
                    (Some(here), Some(there)) if today => work.travel[here][there].unwrap_or(0),
                    _ => 0,
                };
                end + way <= start
            })
        });
        let ticket = self.tickets[step.ticket].is_none_or(|first| end <= first);
        let mut followers = self.followers[id].iter();
        things
            && people
            && ticket
            && followers.all(|&(start, lag)| lags.end(end, lag).is_some_and(|from| from <= start))
    }
}
