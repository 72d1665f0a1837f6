//! `forecast`: what the coming days will bring, or that nothing can be said.

use super::args::{Forecast, Plain};
use super::plan::deliver;
use super::{Ending, screen};
use crate::app::documents::written;
use crate::app::forecasting::{Columns, Prices, almanac, fitted, forecast};
use crate::app::{Failure, files, sources};
use crate::model::forecast;
use crate::model::lang::Lang;
use crate::report::simulation;

/// `paidan forecast`.
pub(crate) fn run(asked: &Forecast, lang: Lang) -> Result<Ending, Failure> {
    let inputs: Vec<_> =
        asked.into.iter().chain(&asked.scenario).chain([&asked.log]).map(|path| &**path).collect();
    let outputs: Vec<_> = asked.out.iter().map(|path| &**path).collect();
    sources::keep_apart(&outputs, &inputs)?;
    let target = asked.out.as_deref().map(files::target).transpose()?;
    let columns = Columns {
        arrived: &asked.arrived,
        case: asked.case.as_deref(),
        only: asked.only.as_ref().map(|(column, value)| (column.as_str(), value.as_str())),
        who: asked.by.as_deref(),
        is_day_first: asked.day_first,
    };
    let prices = asked.short.zip(asked.idle).map(|(short, idle)| Prices { short, idle });
    let scenario = asked.scenario.as_deref().map(files::scenario_path);
    let scenario = scenario.map(|path| files::read(&path)).transpose()?;
    let almanac = almanac(asked.due, scenario)?;
    let told = forecast(&files::read(&asked.log)?, &columns, asked.days, prices, &almanac)?;
    screen::print(&match asked.format {
        Plain::Table => simulation::forecast(&told, lang),
        Plain::Json => written(&told),
    })?;
    if let (Some(into), Some(stream), Some(target)) = (&asked.into, &asked.stream, &target) {
        let simulation = fitted(&files::read(into)?, stream, &told, &almanac)?;
        deliver(&written(&simulation), target, lang)?;
    }
    Ok(ending(&told))
}

/// A log from which no forecast is possible is told by the exit code, too.
fn ending(told: &forecast::Forecast) -> Ending {
    if told.test.is_passed { Ending::Done } else { Ending::Broken }
}
