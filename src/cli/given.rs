//! `desk absence|base|policy`: what the desk goes by, and who is away.

use super::args::{DeskStep, Place};
use super::ticket::{open, open_alone, print};
use crate::app::service::base::Base;
use crate::app::service::kept::Kept;
use crate::app::service::people::AbsenceFile;
use crate::app::service::{Caller, Refusal, Service};
use crate::app::{Failure, documents, files};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::people::Absence;
use crate::policy::Policy;

/// One of these steps; the others are none of this file's.
pub(crate) fn run(step: &DeskStep, lang: Lang) -> Result<(), Failure> {
    match step {
        DeskStep::Absence {
            person, from: Some(from), to: Some(to), remote, reason, place, ..
        } => {
            let (service, owner, now) = open_alone(place)?;
            let reason = reason.as_ref().map(|reason| Label::new(reason, reason));
            let absence = Absence { from: *from, to: *to, remote: *remote, reason };
            let made = service.create_absence(&owner, person, absence, None, now)?;
            let file: AbsenceFile =
                serde_json::from_slice(&made.body).expect("the service reads what it writes");
            print(&file, place.format, || line(&file, lang))
        }
        DeskStep::Absence { person, take_back: Some(key), place, .. } => {
            let (service, owner, now) = open_alone(place)?;
            service.remove_absence(&owner, person, key, now)?;
            listed((&service, &owner, now), person, (place, lang))
        }
        DeskStep::Absence { person, place, .. } => {
            let (service, owner, now) = open(place)?;
            listed((&service, &owner, now), person, (place, lang))
        }
        DeskStep::Base { file: Some(file), version, place } => {
            let base: Base = documents::plain(&files::read(file)?)?;
            let (service, owner, now) = open_alone(place)?;
            let is_first = matches!(service.base(&owner), Err(Refusal::Unknown { .. }));
            let expected = version.or(is_first.then_some(0));
            let kept = service.put_base(&owner, expected, base, now)?;
            print(&kept.document, place.format, || replaced(&kept, ("基础数据", "base"), lang))
        }
        DeskStep::Base { file: None, place, .. } => {
            let (service, owner, _) = open(place)?;
            let kept = service.base(&owner)?;
            print(&kept.document, place.format, || based(&kept, lang))
        }
        DeskStep::Policy { file: Some(file), version, place } => {
            let policy: Policy = documents::plain(&files::read(file)?)?;
            let (service, owner, now) = open_alone(place)?;
            let kept = service.put_policy(&owner, *version, policy, now)?;
            print(&kept.document, place.format, || replaced(&kept, ("规则", "policy"), lang))
        }
        DeskStep::Policy { file: None, place, .. } => {
            let (service, owner, _) = open(place)?;
            let kept = service.policy(&owner)?;
            print(&kept.document, place.format, || ruled(&kept, lang))
        }
        _ => Ok(()),
    }
}

/// Prints when somebody is away.
fn listed(
    (service, owner, now): (&Service, &Caller, i64),
    person: &str,
    (place, lang): (&Place, Lang),
) -> Result<(), Failure> {
    // A person whom nobody knows is never away.
    service.person(owner, person, now)?;
    let away = service.absences(owner, person, (None, usize::MAX), now)?.items;
    print(&away, place.format, || match away.is_empty() {
        true => lang.of(format!("{person} 没有请假\n"), format!("{person} is not away\n")),
        false => away.iter().map(|file| line(file, lang)).collect(),
    })
}

/// A time away, on one line.
fn line(file: &AbsenceFile, lang: Lang) -> String {
    let AbsenceFile { id, person, absence: Absence { from, to, remote, reason } } = file;
    let id = id.as_deref().unwrap_or("-");
    let how = if *remote { lang.of("  可远程办理", "  works remotely") } else { "" };
    let why = reason.as_ref().map(|reason| format!("  {}", lang.of(&reason.zh, &reason.en)));
    format!("{id}  {person}  {from} → {to}{how}{}\n", why.unwrap_or_default())
}

fn replaced<T>(kept: &Kept<T>, (zh, en): (&str, &str), lang: Lang) -> String {
    let version = kept.version;
    lang.of(format!("{zh}现为第 {version} 版\n"), format!("the {en} is at version {version}\n"))
}

fn based(kept: &Kept<Base>, lang: Lang) -> String {
    let Base { services, skills, calendars, bureaus, .. } = &kept.document;
    let counts = [services.len(), skills.len(), calendars.len(), bureaus.len()];
    let [services, skills, calendars, bureaus] = counts;
    replaced(kept, ("基础数据", "base"), lang)
        + &lang.of(
            format!("  服务 {services}，技能 {skills}，日历 {calendars}，办事机构 {bureaus}\n"),
            format!(
                "  services: {services}, skills: {skills}, calendars: {calendars}, bureaus: \
                 {bureaus}\n"
            ),
        )
}

fn ruled(kept: &Kept<Policy>, lang: Lang) -> String {
    let Policy { rates, red_lines, desk, .. } = &kept.document;
    let (rates, lines) = (rates.len(), red_lines.len());
    let has_desk = match desk {
        Some(_) => lang.of("有", "yes"),
        None => lang.of("无", "no"),
    };
    replaced(kept, ("规则", "policy"), lang)
        + &lang.of(
            format!("  价目 {rates}，红线 {lines}，工单台规则：{has_desk}\n"),
            format!("  rates: {rates}, red lines: {lines}, rules of the desk: {has_desk}\n"),
        )
}
