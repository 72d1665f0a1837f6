//! When people can work, told from the definition of their calendars, each once over the span a
//! plan needs; and which minutes a step may use.

use super::spans;
use crate::calendar::{Book, Day};
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::ticket::BureauRule;
use crate::model::work::{Band, Bureau, Person, Step, Work};
use crate::time::{Span, Tick};

/// Minutes of one person that belong to one band and one working date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) span: Span,
    /// The working date: when the band's window opened.
    pub(super) day: Day,
    /// Position among the person's bands.
    pub(super) band: usize,
    pub(super) regular: bool,
}

/// Minutes all people of a step could work together: regular for all, or extra for all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) span: Span,
    pub(super) regular: bool,
    /// Fen per hour over all people; 0 for regular minutes.
    pub(super) price: i64,
}

/// The slots of everybody, and the hours of bureaus that bind whole steps.
pub(super) struct Hours {
    present: Column<Person, Vec<Slot>>,
    /// `None` where the same as `present` or never asked for.
    remote: Column<Person, Option<Vec<Slot>>>,
    bureaus: Column<Bureau, Vec<Span>>,
}

impl Hours {
    /// The hours of everybody over `reach`; bureaus over `all`; remote hours where `remote`.
    pub(super) fn new(
        work: &Work,
        reach: &Column<Person, Span>,
        remote: &Column<Person, bool>,
        all: Span,
    ) -> Hours {
        let book = &work.book;
        let present = work.people.pairs();
        let present = present.map(|(id, person)| slots(book, &person.bands, false, reach[id]));
        let away = work.people.pairs().map(|(id, person)| {
            let same = person.bands.iter().all(|band| band.present == band.remote);
            (remote[id] && !same).then(|| slots(book, &person.bands, true, reach[id]))
        });
        let mut wholly: Column<Bureau, bool> = work.bureaus.iter().map(|_| false).collect();
        for step in work.steps.iter() {
            if let Some((bureau, BureauRule::Wholly)) = step.bureau {
                wholly[bureau] = true;
            }
        }
        let bureaus = work.bureaus.pairs().map(|(id, bureau)| {
            let span = if wholly[id] { all } else { Span::new(all.start, all.start) };
            let openings = book.open_spans(&work.clocks[bureau.hours], span);
            spans::merged(openings.iter().map(|opening| opening.span).collect())
        });
        Hours { present: present.collect(), remote: away.collect(), bureaus: bureaus.collect() }
    }

    /// The slots of `person` for present or remote steps, sorted and disjoint.
    pub(super) fn slots(&self, person: Id<Person>, remote: bool) -> &[Slot] {
        match &self.remote[person] {
            Some(slots) if remote => slots,
            _ => &self.present[person],
        }
    }

    /// The parts of a person's slots that lie in `span`.
    pub(super) fn within(
        &self,
        person: Id<Person>,
        remote: bool,
        span: Span,
    ) -> impl Iterator<Item = Slot> {
        let slots = self.slots(person, remote);
        let first = slots.partition_point(|slot| slot.span.end <= span.start);
        slots[first..]
            .iter()
            .take_while(move |slot| slot.span.start < span.end)
            .filter_map(move |slot| Some(Slot { span: slot.span.intersection(span)?, ..*slot }))
    }

    /// What `people` can work of `step` within `span`; a minute regular for only some is missing.
    pub(super) fn workable(
        &self,
        work: &Work,
        step: &Step,
        people: &[Id<Person>],
        span: Span,
    ) -> Vec<Stretch> {
        let mut stretches: Option<Vec<Stretch>> = None;
        for &person in people {
            let bands = &work.people[person].bands;
            let own = self.within(person, step.remote, span).map(|slot| {
                let price = bands[slot.band].price_per_hour.0;
                let price = if slot.regular { 0 } else { price };
                Stretch { span: slot.span, regular: slot.regular, price }
            });
            let own: Vec<Stretch> = own.collect();
            stretches = Some(match stretches {
                Some(earlier) => together(&earlier, &own),
                None => own,
            });
        }
        let stretches = stretches.unwrap_or_default();
        match step.bureau {
            Some((bureau, BureauRule::Wholly)) => {
                let open = |&span: &Span| Stretch { span, regular: true, price: 0 };
                let open: Vec<Stretch> = self.bureaus[bureau].iter().map(open).collect();
                meet(&stretches, &open, |own, _| Some((own.regular, own.price)))
            }
            _ => stretches,
        }
    }

    /// The pieces of a step that states none (H3): every regular minute, the first and the last,
    /// then the cheapest extra minutes, then the earliest. `bounds` are the minutes that must be
    /// worked whatever they are.
    pub(super) fn derived(
        &self,
        work: &Work,
        step: &Step,
        people: &[Id<Person>],
        span: Span,
        bounds: &[Tick],
        needed: Option<i64>,
    ) -> Vec<Span> {
        let stretches = self.workable(work, step, people, span);
        let regular = stretches.iter().filter(|stretch| stretch.regular);
        let mut chosen: Vec<Span> = regular.map(|stretch| stretch.span).collect();
        chosen.extend(bounds.iter().map(|&tick| Span::new(tick, tick + 1)));
        let chosen = spans::merged(chosen);
        let mut left = needed.unwrap_or(0) - spans::minutes(&chosen);
        let mut extra: Vec<&Stretch> = stretches.iter().filter(|s| !s.regular).collect();
        extra.sort_by_key(|stretch| (stretch.price, stretch.span.start));
        let mut pieces = chosen.clone();
        for stretch in extra {
            for free in spans::without(&[stretch.span], &chosen) {
                if left > 0 {
                    let taken = free.minutes().min(left);
                    pieces.push(Span::new(free.start, free.start + taken));
                    left -= taken;
                }
            }
        }
        spans::merged(pieces)
    }

    /// The earliest end of `needed` minutes from `span.start` on (H3): regular ones, and with
    /// `extra`, or where a step that is no fact starts in an extra minute, every extra one besides;
    /// `None` if `span` does not hold them.
    pub(super) fn earliest_end(
        &self,
        work: &Work,
        step: &Step,
        people: &[Id<Person>],
        span: Span,
        needed: i64,
        extra: bool,
    ) -> Option<Tick> {
        let stretches = self.workable(work, step, people, span);
        let starts_extra = |first: &Stretch| !first.regular && first.span.start == span.start;
        let goes_on = stretches.first().is_some_and(starts_extra) && step.progress.is_none();
        let goes_on = goes_on || extra;
        let mut left = needed;
        for stretch in stretches.iter().filter(|stretch| stretch.regular || goes_on) {
            if stretch.span.minutes() >= left {
                return Some(stretch.span.start + left);
            }
            left -= stretch.span.minutes();
        }
        None
    }
}

fn together(left: &[Stretch], right: &[Stretch]) -> Vec<Stretch> {
    meet(left, right, |a, b| (a.regular == b.regular).then_some((a.regular, a.price + b.price)))
}

fn meet(
    left: &[Stretch],
    right: &[Stretch],
    join: impl Fn(&Stretch, &Stretch) -> Option<(bool, i64)>,
) -> Vec<Stretch> {
    let mut both = Vec::new();
    let Some(first) = left.first() else { return both };
    let (mut i, mut j) = (0, right.partition_point(|other| other.span.end <= first.span.start));
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        if let (Some(span), Some((regular, price))) = (a.span.intersection(b.span), join(a, b)) {
            both.push(Stretch { span, regular, price });
        }
        if a.span.end <= b.span.end {
            i += 1;
        } else {
            j += 1;
        }
    }
    both
}

/// A minute belongs to the first band that covers it.
fn slots(book: &Book, bands: &[Band], remote: bool, span: Span) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut taken: Vec<Span> = Vec::new();
    for (row, band) in bands.iter().enumerate() {
        let calendar = if remote { &band.remote } else { &band.present };
        let regular = band.kind == BandKind::Regular;
        for opening in book.open_spans(calendar, span) {
            let free = spans::without(&[opening.span], &taken);
            let own = |span| Slot { span, day: opening.day, band: row, regular };
            slots.extend(free.into_iter().map(own));
        }
        taken = spans::merged(slots.iter().map(|slot| slot.span).collect());
    }
    slots.sort_by_key(|slot| slot.span);
    slots
}
