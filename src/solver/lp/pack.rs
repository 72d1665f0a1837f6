//! The pool recombined: of each ticket at most one of the placements met, nobody twice at a time
//! (set packing).
//!
//! A column is the whole placement of a ticket, its people and spans, and not the whole schedule of
//! a person: chains cross people, so that two schedules of persons seldom agree on when a chain
//! passes from one to the other, while two placements of tickets need nothing of each other but
//! that they do not overlap. For everybody a row for every largest set of spans that share a
//! minute.

use std::collections::BTreeMap;

use super::NoAnswer;
use super::dive::{Program, solve};
use super::float;
use crate::id::Id;
use crate::model::work::{Person, Ticket};
use crate::time::{Span, Tick};

/// Relaxations per question.
const NODES: u32 = 40;

/// Entries of all rows in one program. Up to here a question takes some tenths of a second; five of
/// 14,800 to 21,400 entries (150 × 15) took 3 to 21 s on a machine with other work and found nothing
/// better.
const MOST_ENTRIES: usize = 5_000;

/// A placement of a ticket.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Offer {
    pub(in crate::solver) ticket: Id<Ticket>,
    /// What it costs less than leaving the ticket out, in fen: negative where it pays.
    pub(in crate::solver) cost: i64,
    /// Who is occupied when.
    pub(in crate::solver) busy: Vec<(Id<Person>, Span)>,
}

/// The rows of the offers to take; `None` when no choice found costs less than `ceiling`, or when
/// there are too many to ask.
///
/// # Errors
/// When the solver breaks down.
pub(in crate::solver) fn pack(
    offers: &[Offer],
    ceiling: i64,
) -> Result<Option<Vec<usize>>, NoAnswer> {
    let mut program = Program::default();
    let mut tickets: BTreeMap<Id<Ticket>, Vec<(usize, f64)>> = BTreeMap::new();
    let mut people: BTreeMap<Id<Person>, Vec<(Tick, bool, usize)>> = BTreeMap::new();
    for offer in offers {
        let column = program.column(float(offer.cost), 1.0, true);
        tickets.entry(offer.ticket).or_default().push((column, 1.0));
        for (person, span) in &offer.busy {
            // At one minute, what ends goes before what starts.
            let events = people.entry(*person).or_default();
            events.push((span.start, true, column));
            events.push((span.end, false, column));
        }
    }
    for terms in tickets.into_values() {
        program.at_most(terms, 1.0);
    }
    for mut events in people.into_values() {
        events.sort_unstable();
        for together in largest(&events) {
            program.at_most(together.into_iter().map(|column| (column, 1.0)).collect(), 1.0);
        }
    }
    let entries: usize = program.rows.iter().map(|row| row.terms.len()).sum();
    if entries > MOST_ENTRIES {
        return Ok(None);
    }
    solve(&program, float(ceiling), NODES)
}

/// The largest sets of columns that share a minute, of two or more.
fn largest(events: &[(Tick, bool, usize)]) -> Vec<Vec<usize>> {
    let (mut active, mut found): (Vec<usize>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let mut grew = false;
    for (_, starts, column) in events {
        if *starts {
            active.push(*column);
            grew = true;
            continue;
        }
        if grew && active.len() > 1 {
            found.push(active.clone());
        }
        grew = false;
        if let Some(row) = active.iter().position(|other| other == column) {
            active.swap_remove(row);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Offer, largest, pack};
    use crate::id::Id;
    use crate::time::{Span, Tick};

    fn offer(ticket: usize, cost: i64, person: usize, from: i64, to: i64) -> Offer {
        let busy = vec![(Id::new(person), Span::new(Tick(from), Tick(to)))];
        Offer { ticket: Id::new(ticket), cost, busy }
    }

    /// The first ticket's better placement stands in the way of the second: −9 alone, −8 − 7 = −15
    /// together.
    #[test]
    fn placements_met_in_different_plans_come_together() {
        let offers = [offer(0, -9, 0, 0, 10), offer(0, -8, 1, 0, 10), offer(1, -7, 0, 5, 12)];
        assert_eq!(pack(&offers, -9), Ok(Some(vec![1, 2])));
        assert_eq!(pack(&offers, -15), Ok(None));
    }

    /// Four hundred tickets that all want the one minute there is: 400 rows of tickets and one of
    /// 400 entries can be asked, thirty such minutes are too many.
    #[test]
    fn too_large_a_program_is_not_asked() {
        let rush = |minutes: i64| -> Vec<Offer> {
            let all = (0..400).map(|ticket| {
                let busy = (0..minutes).map(|at| (Id::new(0), Span::new(Tick(at), Tick(at + 1))));
                Offer { ticket: Id::new(ticket), cost: -1, busy: busy.collect() }
            });
            all.collect()
        };
        assert!(matches!(pack(&rush(1), 0), Ok(Some(rows)) if rows.len() == 1));
        assert_eq!(pack(&rush(30), 0), Ok(None));
    }

    /// 0–4 and 2–6 share minutes, 2–6 and 4–8 too; 0–4 and 4–8 only touch.
    #[test]
    fn spans_that_touch_do_not_overlap() {
        let (from, to) = (|at| (Tick(at), true), |at| (Tick(at), false));
        let events = [from(0), from(2), to(4), from(4), to(6), to(8)];
        let of = [0, 1, 0, 2, 1, 2];
        let events: Vec<_> =
            events.iter().zip(of).map(|(event, of)| (event.0, event.1, of)).collect();
        assert_eq!(largest(&events), [vec![0, 1], vec![1, 2]]);
    }
}
