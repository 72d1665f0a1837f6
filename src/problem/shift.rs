//! Working time of a crew: minutes regular for all, and tiers of extra minutes by price.

use std::collections::BTreeMap;

use super::clocks::Expander;
use crate::calendar::timeline::Timeline;
use crate::calendar::{Midnights, Opening, windows};
use crate::id::{Column, Id};
use crate::model::people::BandKind;
use crate::model::work;
use crate::time::Span;

/// Most tiers a shift keeps: the cheapest ones.
pub const TIER_LIMIT: usize = 8;

/// The working time one person or a crew has in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Regular for everybody.
    pub regular: Timeline,
    /// Extra minutes, cheapest tier first; tiers are disjoint.
    pub tiers: Vec<Tier>,
    /// `levels[k]`: regular minutes and the first k tiers together.
    pub levels: Vec<Timeline>,
}

/// Extra minutes of one price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tier {
    /// Fen per hour over all people.
    pub price: i64,
    /// The band of each person, as a row of his paid bands.
    pub bands: Vec<u8>,
    /// The minutes.
    pub minutes: Timeline,
}

impl Shift {
    fn new(regular: Timeline, mut tiers: Vec<Tier>, midnights: &Midnights) -> Shift {
        tiers.retain(|tier| tier.minutes.open_minutes() > 0);
        tiers.sort();
        tiers.truncate(TIER_LIMIT);
        let mut levels = vec![regular.clone()];
        for tier in &tiers {
            let last = levels.last().expect("level 0 is there");
            levels.push(last.union(&tier.minutes, midnights));
        }
        Shift { regular, tiers, levels }
    }
}

/// The shifts of a crew, seat by seat, and the bureau it works inside.
type CrewKey = (Vec<Id<Shift>>, Option<Id<work::Clock>>);

/// Makes shifts and finds equal ones.
pub(super) struct Shifts<'a> {
    pub(super) expander: Expander<'a>,
    pub(super) rows: Column<Shift, Shift>,
    known: BTreeMap<Shift, Id<Shift>>,
    crews: BTreeMap<CrewKey, Id<Shift>>,
}

impl<'a> Shifts<'a> {
    pub(super) fn new(expander: Expander<'a>) -> Shifts<'a> {
        let (rows, known, crews) = (Column::default(), BTreeMap::new(), BTreeMap::new());
        Shifts { expander, rows, known, crews }
    }

    /// Goes on after `rows`; shifts of crews made from now on may be equal to some of them.
    pub(super) fn resumed(expander: Expander<'a>, rows: Column<Shift, Shift>) -> Shifts<'a> {
        Shifts { rows, ..Shifts::new(expander) }
    }

    fn row(&mut self, shift: Shift) -> Id<Shift> {
        if let Some(id) = self.known.get(&shift) {
            return *id;
        }
        let id = self.rows.push(shift.clone());
        self.known.insert(shift, id);
        id
    }

    /// The shift of one person; `remote` picks the bands of remote steps.
    pub(super) fn person(&mut self, person: &work::Person, remote: bool) -> Id<Shift> {
        let mut regular: Vec<Opening> = Vec::new();
        let mut tiers = Vec::new();
        let mut taken: Vec<Span> = Vec::new();
        let mut paid = 0;
        for band in &person.bands {
            let calendar = if remote { &band.remote } else { &band.present };
            let own = windows::without(&self.expander.openings(calendar), &taken);
            taken.extend(own.iter().map(|opening| opening.span));
            if band.kind == BandKind::Regular {
                regular = own;
            } else {
                let minutes = Timeline::from_windows(own, &self.expander.midnights);
                tiers.push(Tier { price: band.price_per_hour.0, bands: vec![paid], minutes });
                paid += 1;
            }
        }
        let regular = Timeline::from_windows(regular, &self.expander.midnights);
        let shift = Shift::new(regular, tiers, &self.expander.midnights);
        self.row(shift)
    }

    /// The shift people of these shifts share, inside `bureau`'s hours if given.
    pub(super) fn crew(
        &mut self,
        shifts: &[Id<Shift>],
        bureau: Option<(Id<work::Clock>, &Timeline)>,
    ) -> Id<Shift> {
        if let ([single], None) = (shifts, bureau) {
            return *single;
        }
        let key = (shifts.to_vec(), bureau.map(|(clock, _)| clock));
        if let Some(id) = self.crews.get(&key) {
            return *id;
        }
        let midnights = &self.expander.midnights;
        let mut shared = self.rows[shifts[0]].clone();
        for other in &shifts[1..] {
            shared = both(&shared, &self.rows[*other], midnights);
        }
        if let Some((_, hours)) = bureau {
            let inside = |minutes: &Timeline| minutes.intersect(hours, midnights);
            let tiers = shared.tiers.iter();
            let tiers = tiers.map(|t| Tier { minutes: inside(&t.minutes), ..t.clone() }).collect();
            shared = Shift::new(inside(&shared.regular), tiers, midnights);
        }
        let id = self.row(shared);
        self.crews.insert(key, id);
        id
    }
}

fn both(one: &Shift, other: &Shift, midnights: &Midnights) -> Shift {
    let mut tiers: Vec<Tier> = Vec::new();
    for left in &one.tiers {
        for right in &other.tiers {
            let minutes = left.minutes.intersect(&right.minutes, midnights);
            let bands = left.bands.iter().chain(&right.bands).copied().collect();
            tiers.push(Tier { price: left.price + right.price, bands, minutes });
        }
    }
    Shift::new(one.regular.intersect(&other.regular, midnights), tiers, midnights)
}
