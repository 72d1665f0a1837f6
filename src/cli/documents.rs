//! `schema` and `upgrade`: documents about documents.

use std::path::{Path, PathBuf};

use super::args::{Document, Schema, Upgrade};
use super::{Ending, screen};
use crate::app::{Failure, documents, files};
use crate::model::lang::Lang;

/// `paidan schema`.
pub(crate) fn schema(asked: &Schema) -> Result<Ending, Failure> {
    let schema = match asked.document {
        Document::Scenario => documents::schema_of_scenarios(),
        Document::Plan => documents::schema_of_plans(),
        Document::Front => documents::schema_of_fronts(),
        Document::Proof => documents::schema_of_proofs(),
        Document::Progress => documents::schema_of_progress(),
        Document::Holidays => documents::schema_of_holidays(),
        Document::Request => documents::schema_of_requests(),
        Document::Quote => documents::schema_of_quotes(),
        Document::Changes => documents::schema_of_changes(),
        Document::WhatIf => documents::schema_of_contrasts(),
        Document::Simulation => documents::schema_of_simulations(),
        Document::SimulationReport => documents::schema_of_outcomes(),
        Document::Hours => documents::schema_of_hours(),
        Document::RequiredStaff => documents::schema_of_staff(),
        Document::Training => documents::schema_of_training(),
        Document::Forecast => documents::schema_of_forecasts(),
        Document::Policy => documents::schema_of_policies(),
    };
    screen::print(&schema)?;
    Ok(Ending::Done)
}

/// `paidan upgrade`: in place, unless another file is named or it comes through a pipe.
pub(crate) fn upgrade(asked: &Upgrade, lang: Lang) -> Result<Ending, Failure> {
    let is_own = |out: &PathBuf| files::are_same(out, &asked.file);
    if asked.file != Path::new("-") && asked.file.is_file() && asked.out.as_ref().is_none_or(is_own)
    {
        return in_place(&asked.file, lang);
    }
    let target = asked.out.as_deref().map(files::target).transpose()?;
    let text = files::read(&asked.file)?;
    screen::deliver(&documents::upgraded(text)?, target.as_ref())?;
    Ok(Ending::Done)
}

/// Writes `path` in the current version of its format, and keeps the older one as `path.v0`, after
/// the version it had. What is current already stays as it is.
fn in_place(path: &Path, lang: Lang) -> Result<Ending, Failure> {
    let target = files::target(path)?;
    let text = files::read(path)?;
    let (old, was) = (text.bytes.clone(), documents::version(&text.bytes));
    let new = documents::upgraded(text)?;
    let is_older = was != documents::version(new.as_bytes());
    let Some(version) = was.filter(|_| is_older) else {
        let path = path.display();
        screen::tell(&lang.of(
            format!("{path} 已是现行版本\n"),
            format!("{path} is in the current version already\n"),
        ));
        return Ok(Ending::Done);
    };
    let mut kept = path.as_os_str().to_owned();
    kept.push(format!(".v{version}"));
    let kept = PathBuf::from(kept);
    target.write_keeping(new.as_bytes(), &old, &kept)?;
    let kept = kept.display();
    screen::tell(&screen::wrote(&target, lang));
    screen::tell(&lang.of(format!("旧版保存为 {kept}\n"), format!("the older one is {kept}\n")));
    Ok(Ending::Done)
}
