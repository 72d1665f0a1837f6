//! Rules about people: skills, certificates, bands, trainees and mentors.

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::model::issue::Issue;
use crate::model::people::BandKind;

/// S207: a person holds a skill twice.
pub(super) fn doubled_skills(subject: &Subject, found: &mut Found) {
    for (row, person) in subject.scenario.people.iter().enumerate() {
        for (position, held) in person.skills.iter().enumerate() {
            if person.skills[..position].iter().any(|earlier| earlier.skill == held.skill) {
                let (id, skill) = (&person.id, &held.skill);
                found.add(
                    Issue::error(
                        "S207",
                        format!("$.people[{row}].skills[{position}].skill"),
                        format!("“{id}”的技能“{skill}”写了两次"),
                        format!("\"{id}\" holds skill \"{skill}\" twice"),
                    )
                    .hint("只留等级正确的一项", "keep the one with the right level"),
                );
            }
        }
    }
}

/// S208: two bands of one kind. W304: no regular band.
pub(super) fn bands(subject: &Subject, found: &mut Found) {
    for (row, person) in subject.scenario.people.iter().enumerate() {
        let id = &person.id;
        for (position, band) in person.bands.iter().enumerate() {
            if person.bands[..position].iter().any(|earlier| earlier.kind == band.kind) {
                let (zh, en) = kind_name(band.kind);
                found.add(
                    Issue::error(
                        "S208",
                        format!("$.people[{row}].bands[{position}].kind"),
                        format!("“{id}”有两个{zh}时段"),
                        format!("\"{id}\" has two {en} bands"),
                    )
                    .hint("合并到一个日历中", "merge them into one calendar"),
                );
            }
        }
        if person.bands.iter().all(|band| band.kind != BandKind::Regular) {
            found.add(
                Issue::warning(
                    "W304",
                    format!("$.people[{row}].bands"),
                    format!("“{id}”没有正常时段"),
                    format!("\"{id}\" has no regular band"),
                )
                .hint(
                    "只值班的人可忽略；否则补上 regular 时段",
                    "fine for somebody on call only; else add a `regular` band",
                ),
            );
        }
    }
}

/// A band kind in Chinese and English.
fn kind_name(kind: BandKind) -> (&'static str, &'static str) {
    match kind {
        BandKind::Regular => ("正常", "regular"),
        BandKind::Overtime => ("加班", "overtime"),
        BandKind::OnCall => ("值班", "on-call"),
    }
}

/// W303: certificates that are no longer in force at `as_of`.
pub(super) fn certificates(subject: &Subject, found: &mut Found) {
    let today = subject.today();
    for (row, person) in subject.scenario.people.iter().enumerate() {
        for (position, held) in person.skills.iter().enumerate() {
            let Some(until) = held.until.filter(|until| until.day() < today) else { continue };
            let (id, skill) = (&person.id, &held.skill);
            found.add(
                Issue::warning(
                    "W303",
                    format!("$.people[{row}].skills[{position}].until"),
                    format!("“{id}”的“{skill}”证书已于 {until} 到期，不再计入"),
                    format!("the certificate of \"{id}\" for \"{skill}\" ended on {until}"),
                )
                .hint(
                    "换证后更新日期，或删去该技能",
                    "update the date once renewed, or remove the skill",
                ),
            );
        }
    }
}

/// S209: mentors who are trainees. W305: trainees without mentors. W306: mentors of nobody's.
pub(super) fn mentors(subject: &Subject, found: &mut Found) {
    let people = &subject.scenario.people;
    let trainees: BTreeMap<&str, bool> =
        people.iter().map(|person| (person.id.as_str(), person.trainee)).collect();
    for (row, person) in people.iter().enumerate() {
        let id = &person.id;
        for (position, mentor) in person.mentors.iter().enumerate() {
            if trainees.get(mentor.as_str()) == Some(&true) {
                found.add(
                    Issue::error(
                        "S209",
                        format!("$.people[{row}].mentors[{position}]"),
                        format!("“{id}”的带教“{mentor}”自己也是见习"),
                        format!("\"{mentor}\", a mentor of \"{id}\", is a trainee too"),
                    )
                    .hint("换一位带教", "name somebody else"),
                );
            }
        }
        if person.trainee && person.mentors.is_empty() {
            found.add(
                Issue::warning(
                    "W305",
                    format!("$.people[{row}]"),
                    format!("见习“{id}”没有带教，不会被派到任何工作"),
                    format!("trainee \"{id}\" has no mentors and will get no work"),
                )
                .hint("在 mentors 中写明带教", "name mentors in `mentors`"),
            );
        } else if !person.trainee && !person.mentors.is_empty() {
            found.add(
                Issue::warning(
                    "W306",
                    format!("$.people[{row}].mentors"),
                    format!("“{id}”不是见习，mentors 不起作用"),
                    format!("\"{id}\" is no trainee, so `mentors` changes nothing"),
                )
                .hint("写 trainee: true，或删去 mentors", "state `trainee: true`, or remove them"),
            );
        }
    }
}
