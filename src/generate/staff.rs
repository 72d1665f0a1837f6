//! People of generated scenarios: profiles of the trade, office by office. Must not know tickets.

use std::collections::BTreeMap;

use super::dates::Dates;
use super::firm::{named, office_count};
use crate::calendar::{Hours, Label, Override};
use crate::model::people::{Absence, Band, BandKind, Held, Person, Used};
use crate::solver::rng::Rng;
use crate::time::Money;

/// Skills with levels, team, whether urgent only.
struct Profile {
    team: &'static str,
    skills: &'static [(&'static str, u8)],
    urgent_only: bool,
    trainee: bool,
}

const fn profile(team: &'static str, skills: &'static [(&'static str, u8)]) -> Profile {
    Profile { team, skills, urgent_only: false, trainee: false }
}

const fn urgent(skills: &'static [(&'static str, u8)]) -> Profile {
    Profile { team: "urgent", skills, urgent_only: true, trainee: false }
}

/// The first people of every office; together the first nine can do everything.
const CORE: [Profile; 13] = [
    profile("bookkeeping", &[("bookkeeping", 5), ("tax", 3), ("review", 4)]),
    profile("tax", &[("tax", 5), ("review", 5), ("audit", 3)]),
    profile("registration", &[("registration", 4), ("foreign", 3), ("review", 4), ("liaison", 2)]),
    profile("licences", &[("licence", 4), ("registration", 3), ("liaison", 2)]),
    profile("ip", &[("ip", 4), ("legal", 4), ("liaison", 2)]),
    profile("social", &[("social", 4), ("bookkeeping", 3), ("liaison", 3)]),
    profile("audit", &[("audit", 4), ("tax", 4), ("ip", 3), ("review", 3)]),
    profile("bookkeeping", &[("bookkeeping", 4), ("tax", 2), ("liaison", 3)]),
    profile("tax", &[("tax", 4), ("bookkeeping", 3), ("legal", 3), ("liaison", 2)]),
    urgent(&[("tax", 5), ("review", 4), ("liaison", 3)]),
    urgent(&[("registration", 5), ("foreign", 4), ("licence", 3), ("liaison", 3)]),
    urgent(&[("legal", 4), ("review", 4), ("foreign", 3), ("ip", 3)]),
    Profile {
        team: "bookkeeping",
        skills: &[("bookkeeping", 1), ("liaison", 1)],
        urgent_only: false,
        trainee: true,
    },
];

/// People beyond the core, with weights near the demand of the catalogue.
const FURTHER: [(i64, Profile); 8] = [
    (44, profile("bookkeeping", &[("bookkeeping", 4), ("tax", 2), ("liaison", 2)])),
    (20, profile("tax", &[("tax", 4), ("bookkeeping", 3), ("review", 3)])),
    (11, profile("registration", &[("registration", 4), ("liaison", 3), ("review", 3)])),
    (9, profile("licences", &[("licence", 4), ("registration", 2), ("liaison", 2)])),
    (5, profile("ip", &[("ip", 4), ("legal", 3)])),
    (3, profile("legal", &[("legal", 4), ("review", 3)])),
    (4, profile("social", &[("social", 4), ("bookkeeping", 2), ("liaison", 2)])),
    (4, profile("audit", &[("audit", 4), ("tax", 3)])),
];

const SURNAMES: [(&str, &str); 20] = [
    ("王", "Wang"),
    ("李", "Li"),
    ("张", "Zhang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("赵", "Zhao"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("胡", "Hu"),
    ("朱", "Zhu"),
    ("高", "Gao"),
    ("林", "Lin"),
    ("何", "He"),
    ("郭", "Guo"),
    ("马", "Ma"),
    ("罗", "Luo"),
];

const GIVEN: [(&str, &str); 20] = [
    ("敏", "Min"),
    ("静", "Jing"),
    ("伟", "Wei"),
    ("丽", "Li"),
    ("强", "Qiang"),
    ("磊", "Lei"),
    ("洋", "Yang"),
    ("艳", "Yan"),
    ("杰", "Jie"),
    ("娟", "Juan"),
    ("涛", "Tao"),
    ("明", "Ming"),
    ("超", "Chao"),
    ("霞", "Xia"),
    ("平", "Ping"),
    ("刚", "Gang"),
    ("桂英", "Guiying"),
    ("晓彤", "Xiaotong"),
    ("子涵", "Zihan"),
    ("嘉", "Jia"),
];

/// How many people of an office come first because together they can do everything.
const ESSENTIAL: usize = 9;

/// Those of an office that can be spared: without them everything can still be done.
pub(super) fn spare(people: &[Person], office: usize) -> Vec<&Person> {
    let own = (0..people.len()).filter(|row| office_of(*row, people.len()) == office);
    own.skip(ESSENTIAL).map(|row| &people[row]).collect()
}

/// The office of person number `row` among `people`: offices differ by one person at most.
pub(super) fn office_of(row: usize, people: usize) -> usize {
    row * office_count(people) / people
}

/// `count` people without absences.
pub(super) fn people(rng: &mut Rng, count: usize) -> Vec<Person> {
    let offices = office_count(count);
    let mut rows = Vec::with_capacity(count);
    for office in 0..offices {
        let members = (0..count).filter(|row| office_of(*row, count) == office).count();
        let first = rows.len();
        for seat in 0..members {
            rows.push(member(rng, first + seat, office, offices, seat, members));
        }
        let mentors: Vec<String> = rows[first..]
            .iter()
            .filter(|person| !person.trainee && !person.urgent_only)
            .filter(|person| level_in(person, &named("bookkeeping", office)) >= 3)
            .take(4)
            .map(|person| person.id.clone())
            .collect();
        for person in rows[first..].iter_mut().filter(|person| person.trainee) {
            person.mentors.clone_from(&mentors);
        }
    }
    rows
}

fn member(
    rng: &mut Rng,
    row: usize,
    office: usize,
    offices: usize,
    seat: usize,
    members: usize,
) -> Person {
    let core: &Profile = match CORE.get(seat) {
        Some(profile) => profile,
        None => &FURTHER[rng.weighted(&FURTHER.each_ref().map(|(weight, _)| *weight))].1,
    };
    let mut skills: Vec<(&str, u8)> = core.skills.to_vec();
    if members < ESSENTIAL {
        // A small office: everybody also does what the missing core people would.
        for missing in (seat + members..ESSENTIAL).step_by(members) {
            skills.extend(CORE[missing].skills);
        }
    }
    let mut held: Vec<Held> = Vec::with_capacity(skills.len());
    for (skill, level) in skills {
        let level = if seat >= CORE.len() { varied(rng, level) } else { level };
        let skill = named(skill, office);
        match held.iter_mut().find(|known| known.skill == skill) {
            Some(known) => known.level = known.level.max(level),
            None => held.push(Held { skill, level, until: None }),
        }
    }
    if offices > 1 && seat >= ESSENTIAL && !core.trainee && rng.chance(80) {
        let skill = named(core.skills[0].0, (office + 1) % offices);
        held.push(Held { skill, level: core.skills[0].1, until: None });
    }
    let name = |rng: &mut Rng| (*rng.pick(&SURNAMES), *rng.pick(&GIVEN));
    let (surname, given) = name(rng);
    Person {
        id: format!("p{:04}", row + 1),
        name: Some(Label::new(
            format!("{}{}", surname.0, given.0),
            format!("{} {}", surname.1, given.1),
        )),
        team: Some(named(core.team, office)),
        skills: held,
        bands: bands(rng, core.trainee),
        base: Some("office".to_owned()),
        urgent_only: core.urgent_only && members >= 12,
        trainee: core.trainee,
        mentors: Vec::new(),
        absences: Vec::new(),
        overrides: Vec::new(),
        rest_minutes: rng.chance(700).then_some(660),
    }
}

/// The level `person` holds in `skill`; 0 for none.
pub(super) fn level_in(person: &Person, skill: &str) -> u8 {
    person.skills.iter().find(|held| held.skill == skill).map_or(0, |held| held.level)
}

fn varied(rng: &mut Rng, level: u8) -> u8 {
    match rng.below(4) {
        0 => level - 1,
        1 => (level + 1).min(5),
        _ => level,
    }
}

fn bands(rng: &mut Rng, trainee: bool) -> Vec<Band> {
    let mut bands = vec![band(BandKind::Regular, "office", 0)];
    if !trainee && rng.chance(800) {
        let mut overtime = band(BandKind::Overtime, "evening", rng.range(9, 25) * 500);
        overtime.cap_day_minutes = Some(180);
        overtime.cap_week_minutes = Some(if rng.chance(300) { 360 } else { 720 });
        overtime.cap_month_minutes = Some(2160);
        bands.push(overtime);
    }
    if !trainee && rng.chance(80) {
        let mut duty = band(BandKind::OnCall, "night-duty", rng.range(24, 40) * 500);
        duty.cap_day_minutes = Some(240);
        bands.push(duty);
    }
    bands
}

pub(super) fn band(kind: BandKind, calendar: &str, price: i64) -> Band {
    Band {
        kind,
        calendar: calendar.to_owned(),
        price_per_hour_fen: Money(price),
        cap_day_minutes: None,
        cap_week_minutes: None,
        cap_month_minutes: None,
        used: Vec::new(),
    }
}

/// Days away, days away yet reachable, short days, certificates that expire and overtime already
/// worked, within the first `days` working days.
pub(super) fn unevenness(rng: &mut Rng, people: &mut [Person], dates: &Dates, days: usize) {
    let mut masters: BTreeMap<String, usize> = BTreeMap::new();
    for held in people.iter().flat_map(|person| &person.skills).filter(|held| held.level >= 3) {
        *masters.entry(held.skill.clone()).or_default() += 1;
    }
    for person in people.iter_mut() {
        if rng.chance(100) {
            let day = rng.below(days);
            let reason = Label::new("请假", "leave");
            person.absences.push(away(dates, day, day + 1, false, reason));
        } else if rng.chance(60) && !person.trainee {
            let day = rng.below(days);
            let reason = Label::new("出差,可远程", "on business, can work remotely");
            person.absences.push(away(dates, day, day + 2, true, reason));
        } else if rng.chance(50) {
            person.overrides.push(Override {
                from: dates.day(rng.below(days)).into(),
                to: None,
                hours: Hours::parse("09:00-12:00").into_iter().collect(),
                note: Some(Label::new("下午培训", "training in the afternoon")),
            });
        }
        let day = dates.day(days / 3 + rng.below(days - days / 3));
        if let Some(held) = person.skills.get_mut(2).filter(|_| rng.chance(120)) {
            // Somebody else must be able to go on.
            let masters = masters.entry(held.skill.clone()).or_default();
            if held.level < 3 || *masters > 3 {
                held.until = Some(day.into());
                *masters = masters.saturating_sub(usize::from(held.level >= 3));
            }
        }
        let overtime = person.bands.iter_mut().find(|band| band.kind == BandKind::Overtime);
        if let Some(overtime) = overtime.filter(|_| rng.chance(100)) {
            let date = dates.day(0).into();
            let minutes = u32::try_from(rng.range(2, 12) * 15).expect("at most three hours");
            overtime.used.push(Used { date, minutes });
        }
    }
}

fn away(dates: &Dates, from: usize, to: usize, remote: bool, reason: Label) -> Absence {
    Absence { from: dates.at(from, 0, 0), to: dates.at(to, 0, 0), remote, reason: Some(reason) }
}
