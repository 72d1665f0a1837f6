//! Who may do a step: every crew that the rules on skill and eligibility (H1, H2) and the pins on
//! people (H12) allow. Where seats multiply, a spread of crews stands for all of them.

use std::collections::BTreeMap;

use crate::id::Id;
use crate::model::work::{Person, Skill, Step, Ticket, Work};

/// Most crews kept for one step with several seats.
const CREW_LIMIT: usize = 96;
/// People tried while a crew is sought for a lead who has none yet.
const TRIES: u32 = 100_000;

/// Whether ticket and person admit each other (H2).
fn admits(work: &Work, ticket: &Ticket, person: Id<Person>) -> bool {
    let urgent_fits = ticket.urgent || !work.people[person].urgent_only;
    urgent_fits && ticket.excluded.binary_search(&person).is_err()
}

/// People by the seat they can fill: skill, level, urgent ticket, led or not, for trainees or not.
type SeatKey = (Id<Skill>, u8, bool, bool, bool);

/// Remembers who can fill which kind of seat; tickets' own exclusions and pins are left out.
#[derive(Default)]
pub(super) struct Pools(BTreeMap<SeatKey, Vec<Id<Person>>>);

impl Pools {
    /// Everybody who may fill seat number `position` of `step`.
    fn candidates(&mut self, work: &Work, step: &Step, position: usize) -> Vec<Id<Person>> {
        let seat = step.seats[position];
        let ticket = &work.tickets[step.ticket];
        let key = (seat.skill, seat.level, ticket.urgent, position == 0, seat.trainee);
        let pool = self.0.entry(key).or_insert_with(|| pool(work, key));
        let open = |person: &Id<Person>| {
            ticket.excluded.binary_search(person).is_err()
                && step.pinned_people.get(position).is_none_or(|pinned| pinned == person)
        };
        pool.iter().copied().filter(open).collect()
    }
}

fn pool(work: &Work, (skill, level, urgent, leads, for_trainee): SeatKey) -> Vec<Id<Person>> {
    let day = work.zone.date(work.as_of);
    let fits = |(id, person): (Id<Person>, &Person)| {
        let role_fits = if person.trainee { !leads } else { !for_trainee };
        let skilled = person.skills.iter().any(|held| {
            held.skill == skill && held.level >= level && held.until.is_none_or(|end| end >= day)
        });
        (role_fits && skilled && (urgent || !person.urgent_only)).then_some(id)
    };
    work.people.pairs().filter_map(fits).collect()
}

/// Whether `crew` may do `step`.
pub(super) fn allows(work: &Work, pools: &mut Pools, step: &Step, crew: &[Id<Person>]) -> bool {
    let mut seats = crew.iter().enumerate();
    crew.len() == step.seats.len()
        && mentored(work, crew)
        && seats.all(|(position, person)| {
            let alone = !crew[..position].contains(person);
            alone && pools.candidates(work, step, position).contains(person)
        })
}

/// Crews for `step`, leads in order of people.
pub(super) fn crews(work: &Work, pools: &mut Pools, step: &Step) -> Vec<Vec<Id<Person>>> {
    let seats: Vec<Vec<Id<Person>>> =
        (0..step.seats.len()).map(|position| pools.candidates(work, step, position)).collect();
    if seats.len() == 1 {
        return seats[0].iter().map(|person| vec![*person]).collect();
    }
    let product = seats.iter().fold(1_usize, |count, seat| count.saturating_mul(seat.len()));
    if product <= CREW_LIMIT * 8 {
        let mut all = Vec::new();
        every(work, &seats, &mut Vec::new(), &mut all);
        return spread(all);
    }
    let mut some = Vec::new();
    let turns = (CREW_LIMIT / seats[0].len().max(1)).max(1);
    for turn in 0..turns {
        for (row, lead) in seats[0].iter().enumerate() {
            let mut crew = vec![*lead];
            if fill(work, &seats, row + turn * 7, &mut crew) && !some.contains(&crew) {
                some.push(crew);
            }
        }
    }
    // Whoever can lead at all does so in some crew: bounds rely on it.
    for lead in &seats[0] {
        let mut crew = vec![*lead];
        if some.iter().all(|crew| crew[0] != *lead) && complete(work, &seats, &mut crew, &mut 0) {
            some.push(crew);
        }
    }
    some
}

/// Completes `crew` in the first way there is; whether one was found within [`TRIES`].
fn complete(
    work: &Work,
    seats: &[Vec<Id<Person>>],
    crew: &mut Vec<Id<Person>>,
    tries: &mut u32,
) -> bool {
    let Some(candidates) = seats.get(crew.len()) else { return mentored(work, crew) };
    for person in candidates {
        *tries += 1;
        if *tries > TRIES {
            return false;
        }
        if !crew.contains(person) {
            crew.push(*person);
            if complete(work, seats, crew, tries) {
                return true;
            }
            crew.pop();
        }
    }
    false
}

/// All crews, in order.
fn every(
    work: &Work,
    seats: &[Vec<Id<Person>>],
    crew: &mut Vec<Id<Person>>,
    all: &mut Vec<Vec<Id<Person>>>,
) {
    let Some(candidates) = seats.get(crew.len()) else {
        if mentored(work, crew) {
            all.push(crew.clone());
        }
        return;
    };
    for person in candidates {
        if !crew.contains(person) {
            crew.push(*person);
            every(work, seats, crew, all);
            crew.pop();
        }
    }
}

/// Of `all`, sorted by lead, about [`CREW_LIMIT`]: of every lead some, evenly spread.
fn spread(all: Vec<Vec<Id<Person>>>) -> Vec<Vec<Id<Person>>> {
    if all.len() <= CREW_LIMIT {
        return all;
    }
    let groups: Vec<&[Vec<Id<Person>>]> = all.chunk_by(|one, other| one[0] == other[0]).collect();
    let share = (CREW_LIMIT / groups.len()).max(1);
    let few = groups.iter().flat_map(|group| {
        let count = share.min(group.len());
        (0..count).map(move |row| group[row * group.len() / count].clone())
    });
    few.collect()
}

/// Fills the seats after the lead, each from its own turn on; whether that worked.
fn fill(work: &Work, seats: &[Vec<Id<Person>>], turn: usize, crew: &mut Vec<Id<Person>>) -> bool {
    while let Some(candidates) = seats.get(crew.len()) {
        let count = candidates.len();
        let next = (0..count).map(|step| candidates[(turn + step) % count]).find(|person| {
            let trainee = work.people[*person].trainee;
            !crew.contains(person)
                && (!trainee || crew.iter().any(|mate| work.people[*person].mentors.contains(mate)))
        });
        match next {
            Some(person) => crew.push(person),
            None => return false,
        }
    }
    mentored(work, crew)
}

/// Whether every trainee sits beside a mentor.
fn mentored(work: &Work, crew: &[Id<Person>]) -> bool {
    crew.iter().all(|person| {
        let row = &work.people[*person];
        !row.trainee || crew.iter().any(|mate| row.mentors.contains(mate))
    })
}

/// The price of `lead` for a step by preference: off the owner, off the owner's team.
pub(super) fn preference(work: &Work, step: &Step, lead: Id<Person>) -> i64 {
    let ticket = &work.tickets[step.ticket];
    let Some(client) = ticket.client.map(|client| &work.clients[client]) else { return 0 };
    let prices = &work.policy.preference;
    let mut price = 0;
    if let Some(owner) = client.owner.filter(|owner| *owner != lead) {
        let row = &work.people[owner];
        let seat = step.seats[0];
        let skilled =
            row.skills.iter().any(|held| held.skill == seat.skill && held.level >= seat.level);
        if skilled && !row.trainee && !seat.trainee && admits(work, ticket, owner) {
            price += prices.off_owner_fen.0;
        }
    }
    if client.team.is_some() && work.people[lead].team != client.team {
        price += prices.off_team_fen.0;
    }
    price
}
