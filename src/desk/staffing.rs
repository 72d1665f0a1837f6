//! Who could take a ticket, and what giving it away and calling it off come to.

use super::event::Event;
pub use super::life::Settlement;
use super::life::{Garbled, Happening, Life};
use crate::model::people::Person;
use crate::model::ticket::Seat;
use crate::policy::desk::Post;

/// Somebody who could take a ticket over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Who.
    pub person: String,
    /// Whether he is of the department that has it.
    pub is_same_department: bool,
}

/// Who could drive a ticket that takes `skill` at `level`: the department that has it first, then
/// the others (R189), each in the order of `people`; nobody who has it, rejected it or was
/// replaced (R191), and not its reviewer (R043).
#[must_use]
pub fn candidates(people: &[Person], life: &Life, skill: &str, level: u8) -> Vec<Candidate> {
    let crew = life.crew.as_ref();
    let has = [crew.map(|crew| &crew.driver), crew.map(|crew| &crew.reviewer)];
    able(people, life, (skill, level), |person| has.contains(&Some(person)))
}

/// Who could look over its result, in the same order: nobody who drives it, and nobody who had it
/// before, as he would look over his own work (R043, R081).
#[must_use]
pub fn reviewers(people: &[Person], life: &Life, skill: &str, level: u8) -> Vec<Candidate> {
    let driver = life.crew.as_ref().map(|crew| &crew.driver);
    able(people, life, (skill, level), |person| {
        driver == Some(person) || life.drove.contains(person)
    })
}

fn able(
    people: &[Person],
    life: &Life,
    (skill, level): (&str, u8),
    is_out: impl Fn(&String) -> bool,
) -> Vec<Candidate> {
    let team = |id: &str| people.iter().find(|person| person.id == id)?.team.clone();
    // The driver's department; after a rejection that of whoever was last.
    let home = life.crew.as_ref().and_then(|crew| team(&crew.driver));
    let can = |person: &&Person| {
        !person.trainee
            && person.skills.iter().any(|one| one.skill == skill && one.level >= level)
            && !life.excluded.contains(&person.id)
            && !is_out(&person.id)
    };
    let found = people.iter().filter(can).map(|person| Candidate {
        person: person.id.clone(),
        is_same_department: home.is_some() && person.team == home,
    });
    let mut found: Vec<Candidate> = found.collect();
    found.sort_by_key(|candidate| !candidate.is_same_department);
    found
}

/// Somebody who is to have a part in a ticket, and what is known of him (R043).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hand {
    /// Who.
    pub person: String,
    /// As what.
    pub part: Post,
    /// Whether there is such a person.
    pub is_there: bool,
    /// Whether he can take that part.
    pub is_able: bool,
}

/// Whether somebody can take a part: nobody under training drives or looks over a result; where the
/// service has a seat for the part, who takes it has the skill of that seat; and whoever is on no
/// record, or lacks that skill, takes part by his post, but drives nothing.
#[must_use]
pub fn is_able(person: Option<&Person>, part: Post, seat: Option<&Seat>, has_post: bool) -> bool {
    let by_post = has_post && part != Post::Driver;
    let Some(person) = person else { return by_post };
    let is_led = person.trainee && part != Post::Liaison;
    let has = |seat: &Seat| {
        person.skills.iter().any(|one| one.skill == seat.skill && one.level >= seat.level)
    };
    !is_led && (by_post || seat.is_none_or(has))
}

/// What is counted of assignments (R199), of one ticket or of many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Tickets that were dispatched.
    pub dispatched: u32,
    /// Of them, those the first one took.
    pub first_taken: u32,
    /// Rejections.
    pub rejections: u32,
    /// Changes of owner a client asked for.
    pub owner_changes: u32,
    /// Results that came back before the client had them: caught in review (R083).
    pub caught: u32,
    /// Results that came back from the client, and errors found after he signed, each when it was
    /// found: escaped (R083, R097).
    pub escaped: u32,
    /// Results delivered.
    pub delivered: u32,
    /// How often clients asked how it stands (R066).
    pub chases: u32,
}

/// What is counted of one ticket with these events, all of them, at the moments that a period
/// `holds`: what an event is follows from those before it, whenever they were.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn counts<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    holds: impl Fn(i64) -> bool,
) -> Result<Counts, Garbled> {
    let mut counts = Counts::default();
    let (mut is_out, mut is_first) = (false, true);
    for event in events {
        let one = u32::from(holds(event.at_ms));
        match Happening::read(event)? {
            Some(Happening::Dispatched(_)) => counts.dispatched = counts.dispatched.max(one),
            Some(Happening::Acknowledged {}) => {
                counts.first_taken += one * u32::from(is_first);
                is_first = false;
            }
            Some(Happening::Rejected { .. }) => {
                counts.rejections += one;
                is_first = false;
            }
            Some(Happening::OwnerChangeAsked { .. }) => counts.owner_changes += one,
            Some(Happening::Returned { .. }) if is_out => {
                counts.escaped += one;
                is_out = false;
            }
            Some(Happening::Returned { .. }) => counts.caught += one,
            Some(Happening::DefectFound(_)) => counts.escaped += one,
            Some(Happening::Delivered { .. }) => {
                counts.delivered += one;
                is_out = true;
            }
            Some(Happening::ClientChased {}) => counts.chases += one,
            _ => {}
        }
    }
    Ok(counts)
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.dispatched += other.dispatched;
        self.first_taken += other.first_taken;
        self.rejections += other.rejections;
        self.owner_changes += other.owner_changes;
        self.caught += other.caught;
        self.escaped += other.escaped;
        self.delivered += other.delivered;
        self.chases += other.chases;
    }
}

/// A row of work as it stands when a ticket is called off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The step.
    pub step: String,
    /// Who has it.
    pub people: Vec<String>,
    /// Minutes done.
    pub done: i64,
    /// Minutes to come.
    pub left: i64,
}

/// What is undone, what is billed, what frees up: of the price `price_fen` the part that was
/// worked, and of that `billed_permille`, rounded up.
#[must_use]
pub fn settlement(rows: &[Row], price_fen: i64, billed_permille: u16) -> Settlement {
    let mut settlement = Settlement::default();
    let (mut done, mut all) = (0_i128, 0_i128);
    for row in rows {
        done += i128::from(row.done.max(0));
        all += i128::from(row.done.max(0)) + i128::from(row.left.max(0));
        if row.left <= 0 {
            continue;
        }
        settlement.undone.push(row.step.clone());
        for person in &row.people {
            *settlement.freed.entry(person.clone()).or_default() += row.left;
        }
    }
    let whole = all * 1000;
    if whole > 0 {
        let part = i128::from(price_fen.max(0)) * done * i128::from(billed_permille);
        settlement.billed_fen = i64::try_from((part + whole - 1) / whole).unwrap_or(i64::MAX);
    }
    settlement
}
