//! `schema` and `upgrade`: documents about documents.

use super::args::{Document, Schema, Upgrade};
use super::{Ending, screen};
use crate::app::{Failure, documents, files, sources};

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

/// `paidan upgrade`.
pub(crate) fn upgrade(asked: &Upgrade) -> Result<Ending, Failure> {
    let outputs: Vec<_> = asked.out.iter().map(|path| &**path).collect();
    sources::keep_apart(&outputs, &[&asked.file])?;
    let target = asked.out.as_deref().map(files::target).transpose()?;
    let text = files::read(&asked.file)?;
    screen::deliver(&documents::upgraded(text)?, target.as_ref())?;
    Ok(Ending::Done)
}
