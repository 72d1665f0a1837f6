//! Why not somebody else: the first rule in a person's way, told from the plan as it stands.

use super::placed::{Placed, arrival, band_calendar, shared_hours};
use super::reason::{Part, Question, Reason, Slot};
use crate::calendar::{Opening, windows};
use crate::id::Id;
use crate::model::people::BandKind;
use crate::model::ticket::BureauRule;
use crate::model::work::{Held, Person, Progress, Step, Work};
use crate::time::{DAY, Span, Tick};

/// Days looked ahead for the end of a step before it is given up.
const AHEAD: [i64; 3] = [3, 15, 90];

/// A seat of a step and somebody who might fill it.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) placed: &'a Placed<'a>,
    pub(super) step: Id<Step>,
    pub(super) seat: usize,
    pub(super) person: Id<Person>,
}

impl Candidate<'_> {
    fn part(&self, reason: Reason) -> Part {
        let part = self.placed.about(Question::WhyNot, reason, self.step);
        part.key(Slot::Person, &self.placed.work.people[self.person].key)
    }

    /// The skill held for this seat.
    fn held(&self) -> Option<&Held> {
        let seat = &self.placed.work.steps[self.step].seats[self.seat];
        let skills = &self.placed.work.people[self.person].skills;
        skills.iter().filter(|held| held.skill == seat.skill).max_by_key(|held| held.level)
    }

    /// Why the person may not fill the seat whatever the plan (H1, H2).
    pub(super) fn unfit(&self) -> Option<Part> {
        let work = self.placed.work;
        let step = &work.steps[self.step];
        let (seat, person) = (&step.seats[self.seat], &work.people[self.person]);
        let skill = &work.skills[seat.skill];
        let Some(held) = self.held() else {
            return Some(self.part(Reason::LacksSkill).key(Slot::Skill, skill));
        };
        if held.level < seat.level {
            let part = self.part(Reason::LevelTooLow).key(Slot::Skill, skill);
            let part = part.number(Slot::Level, i64::from(held.level));
            return Some(part.number(Slot::Needed, i64::from(seat.level)));
        }
        if held.until.is_some_and(|until| until < work.zone.date(work.as_of)) {
            return Some(self.part(Reason::CertificateExpired).key(Slot::Skill, skill));
        }
        let ticket = &work.tickets[step.ticket];
        if ticket.excluded.contains(&self.person) {
            return Some(self.part(Reason::Excluded));
        }
        if person.urgent_only && !ticket.urgent {
            return Some(self.part(Reason::UrgentOnly));
        }
        if person.trainee && self.seat == 0 {
            return Some(self.part(Reason::TraineeLeads));
        }
        (seat.trainee && !person.trainee).then(|| self.part(Reason::SeatForTrainee))
    }

    /// Why the person may not fill the seat beside what else the plan holds (H2, H11, H12, H13).
    pub(super) fn barred(&self) -> Option<Part> {
        let (placed, work) = (self.placed, self.placed.work);
        let step = &work.steps[self.step];
        let row = placed.row(self.step)?;
        let sits = row.people.get(self.seat).copied();
        let instead = |reason| {
            let part = self.part(reason);
            sits.map_or(part.clone(), |sits| part.key(Slot::Colleague, &work.people[sits].key))
        };
        match &step.progress {
            Some(Progress::Done { .. } | Progress::Begun { .. }) => {
                return Some(instead(Reason::BegunByOther));
            }
            None if placed.is_frozen(self.step) => return Some(instead(Reason::FrozenOther)),
            None => {}
        }
        if step.pinned_people.get(self.seat).is_some_and(|pinned| *pinned != self.person) {
            return Some(instead(Reason::PinnedOther));
        }
        if row.people.contains(&self.person) {
            return Some(self.part(Reason::SeatedAlready));
        }
        let mentors = &work.people[self.person].mentors;
        let others = row.people.iter().enumerate().filter(|(seat, _)| *seat != self.seat);
        if work.people[self.person].trainee && !others.into_iter().any(|(_, p)| mentors.contains(p))
        {
            return Some(self.part(Reason::NoMentor));
        }
        self.companions()
    }

    /// Four eyes and one driver (H11), both ways round.
    fn companions(&self) -> Option<Part> {
        let (placed, work) = (self.placed, self.placed.work);
        let step = &work.steps[self.step];
        for &other in &work.tickets[step.ticket].steps {
            let Some(row) = placed.row(other).filter(|_| other != self.step) else { continue };
            let key = &work.steps[other].key;
            let named = |list: &[Id<Step>], of: Id<Step>| list.contains(&of);
            let differs = named(&step.differs_from, other)
                || named(&work.steps[other].differs_from, self.step);
            if differs && row.people.contains(&self.person) {
                return Some(self.part(Reason::MustDiffer).key(Slot::Other, key));
            }
            let same = named(&step.same_as, other) || named(&work.steps[other].same_as, self.step);
            let lead = row.people.first().copied().filter(|lead| *lead != self.person);
            if let (true, 0, Some(lead)) = (same, self.seat, lead) {
                let part = self.part(Reason::MustBeSame).key(Slot::Other, key);
                return Some(part.key(Slot::Colleague, &work.people[lead].key));
            }
        }
        None
    }

    /// Everybody in the step with the person in his seat.
    pub(super) fn people(&self) -> Vec<Id<Person>> {
        let row = self.placed.row(self.step);
        let mut people = row.map(|row| row.people.clone()).unwrap_or_default();
        match people.iter().position(|person| *person == self.person) {
            Some(own) if self.seat < people.len() => people.swap(own, self.seat),
            Some(_) => {}
            None => match people.get_mut(self.seat) {
                Some(sits) => *sits = self.person,
                None => people.push(self.person),
            },
        }
        people
    }

    /// What is in the person's way from `start` on (H3, H4, H14, the certificate's last day).
    pub(super) fn hindered(&self, start: Tick) -> Option<Part> {
        let (placed, work) = (self.placed, self.placed.work);
        let step = &work.steps[self.step];
        let people = self.people();
        let first = Span::new(start, start + 1);
        let (regular, extra) = shared_hours(work, &people, step.remote, first);
        if regular.is_empty() && extra.is_empty() {
            return Some(self.part(Reason::NotAtWork).at(Slot::At, placed.moment(start)));
        }
        if let Some((other, span)) = placed.step_before(self.person, start + 1, self.step)
            && span.end > start
        {
            let part = self.part(Reason::BusyThen).key(Slot::Other, &work.steps[other].key);
            return Some(part.at(Slot::Until, placed.moment(span.end)));
        }
        match arrival(placed, self.person, self.step, start) {
            Err(()) => return Some(self.part(Reason::TooFar)),
            Ok(Some((there, _))) if there > start => {
                return Some(self.part(Reason::TooFar).at(Slot::Until, placed.moment(there)));
            }
            Ok(_) => {}
        }
        let end = self.end(start)?;
        if let Some((other, span)) = placed.step_after(self.person, start, self.step)
            && span.start < end
        {
            let part = self.part(Reason::TooLong).key(Slot::Other, &work.steps[other].key);
            return Some(part.at(Slot::Until, placed.moment(span.start)));
        }
        let until = self.held().and_then(|held| held.until);
        let skill = &work.skills[step.seats[self.seat].skill];
        until
            .is_some_and(|until| until < work.zone.date(end - 1))
            .then(|| self.part(Reason::CertificateExpired).key(Slot::Skill, skill))
    }

    /// Whether the step needs hours beyond regular ones from `start` on: it starts in such, or the
    /// plan uses some for it as it is.
    pub(super) fn uses_extra(&self, start: Tick) -> bool {
        let work = self.placed.work;
        let remote = work.steps[self.step].remote;
        let minutes = |openings: &[Opening]| -> i64 {
            openings.iter().map(|opening| opening.span.minutes()).sum()
        };
        let regular = |people: &[Id<Person>], span| shared_hours(work, people, remote, span).0;
        let first = Span::new(start, start + 1);
        let paid = self.placed.row(self.step).is_some_and(|row| {
            row.pieces.iter().any(|piece| minutes(&regular(&row.people, *piece)) < piece.minutes())
        });
        paid || regular(&self.people(), first).is_empty()
    }

    /// When the step is worked from `start` on: in regular hours, and in every other one of its
    /// people besides where it [uses them](Candidate::uses_extra), until it is done.
    pub(super) fn pieces(&self, start: Tick) -> Option<Vec<Span>> {
        let work = self.placed.work;
        let step = &work.steps[self.step];
        let people = self.people();
        let lead = people.first().copied()?;
        let level = lead_level(work, self.step, lead)?;
        let minutes = step.minutes(lead, level, &work.policy.pace_percent);
        let uses_extra = self.uses_extra(start);
        AHEAD.into_iter().find_map(|days| {
            let span = Span::new(start, start + days * DAY);
            let (mut open, extra) = shared_hours(work, &people, step.remote, span);
            if uses_extra {
                open = windows::union(&open, &extra);
            }
            if let Some((bureau, BureauRule::Wholly)) = step.bureau {
                let hours = &work.clocks[work.bureaus[bureau].hours];
                open = windows::intersect(&open, &work.book.open_spans(hours, span));
            }
            first_minutes(&open, minutes)
        })
    }

    /// The end of the step if it is started at `start`.
    pub(super) fn end(&self, start: Tick) -> Option<Tick> {
        Some(self.pieces(start)?.last()?.end)
    }
}

/// The first `minutes` minutes of `open`, touching spans joined.
fn first_minutes(open: &[Opening], minutes: i64) -> Option<Vec<Span>> {
    let mut left = minutes;
    let mut pieces: Vec<Span> = Vec::new();
    for opening in open {
        let end = opening.span.end.min(opening.span.start + left);
        match pieces.last_mut() {
            Some(last) if last.end == opening.span.start => last.end = end,
            _ => pieces.push(Span::new(opening.span.start, end)),
        }
        left -= end - opening.span.start;
        if left == 0 {
            return Some(pieces);
        }
    }
    None
}

/// The level at which `person` holds the skill of the first seat.
pub(super) fn lead_level(work: &Work, step: Id<Step>, person: Id<Person>) -> Option<u8> {
    let seat = work.steps[step].seats.first()?;
    let held = work.people[person].skills.iter().filter(|held| held.skill == seat.skill);
    held.map(|held| held.level).max()
}

/// All openings of a person's bands in `span`, for steps that need presence or not.
pub(super) fn openings(work: &Work, person: Id<Person>, remote: bool, span: Span) -> Vec<Tick> {
    let bands = work.people[person].bands.iter();
    let mut regular_first: Vec<_> = bands.collect();
    regular_first.sort_by_key(|band| band.kind != BandKind::Regular);
    let spans = regular_first
        .into_iter()
        .flat_map(|band| work.book.open_spans(band_calendar(band, remote), span));
    spans.map(|opening| opening.span.start).collect()
}
