//! `quote`: the ways to fit a request into the plan in force, and one of them made the plan.

use std::path::{Path, PathBuf};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, LineStyle, Table};

use super::args::{Amendments, Plain, Quote};
use super::verify::question;
use super::{Ending, screen};
use crate::app::documents::{self, Text, written};
use crate::app::quoting::{self, Depth, Refusal, Standing};
use crate::app::{Failure, files, sources};
use crate::calendar::Moment;
use crate::model::lang::Lang;
use crate::model::quote::{OptionKind, Quote as Quoted, QuotedOption};
use crate::model::request::Request;

/// `paidan quote`.
pub(crate) fn run(asked: &Quote, lang: Lang) -> Result<Ending, Failure> {
    let [plan, policy] = [(&asked.plan, "plan.json"), (&asked.policy, "policy.json")]
        .map(|(stated, name)| beside(asked, stated.as_ref(), name));
    let inputs = [Some(&asked.scenario), Some(&plan), Some(&policy), asked.request.as_ref()];
    let inputs: Vec<&Path> =
        inputs.into_iter().chain([asked.quote.as_ref()]).flatten().map(|path| &**path).collect();
    let outputs: Vec<&Path> =
        [&asked.out, &asked.scenario_out].into_iter().flatten().map(|path| &**path).collect();
    sources::keep_apart(&outputs, &inputs)?;
    let none = Amendments { progress: None, holidays: None };
    let question = question(&asked.scenario, &none, lang)?;
    let plan = sources::plan(&question, &plan)?;
    let policy = documents::policy(&files::read(&policy)?, &question.scenario)?;
    let at = match &asked.at {
        None => question.work.zone.moment(question.work.as_of),
        Some(text) => Moment::parse(&text.replacen(' ', "T", 1)).map_err(Failure::Wish)?,
    };
    let standing = quoting::standing(&question, &plan, policy)?;
    let quoted = match (&asked.quote, &asked.request) {
        (Some(path), _) => documents::quote(&files::read(path)?)?,
        (None, Some(path)) => {
            let text = files::read(path)?;
            let request = documents::request(&text)?;
            fresh(&standing, &text, &request, at, asked)?
        }
        (None, None) => return Err(Failure::wish("请给出 --request", "state a --request")),
    };
    match asked.accept {
        Some(name) => accept(&standing, &quoted, name.kind(), at, asked, lang),
        None => {
            print(&quoted, asked.format, lang)?;
            Ok(if quoted.refusal.is_some() { Ending::Refused } else { Ending::Done })
        }
    }
}

/// The file stated, or the one of that name beside the scenario.
fn beside(asked: &Quote, stated: Option<&PathBuf>, name: &str) -> PathBuf {
    let scenario = files::scenario_path(&asked.scenario);
    stated.cloned().unwrap_or_else(|| scenario.with_file_name(name))
}

fn fresh(
    standing: &Standing,
    text: &Text,
    request: &Request,
    at: Moment,
    asked: &Quote,
) -> Result<Quoted, Failure> {
    let depth = if asked.quick { Depth::Quick } else { Depth::Full };
    quoting::quote_text(standing, (text, request), at, depth)
}

fn accept(
    standing: &Standing,
    quoted: &Quoted,
    kind: OptionKind,
    at: Moment,
    asked: &Quote,
    lang: Lang,
) -> Result<Ending, Failure> {
    let targets = [&asked.scenario_out, &asked.out];
    let targets = targets.map(|path| path.as_deref().map(files::target).transpose());
    let [scenario, plan] = targets;
    let (scenario, plan) = (scenario?, plan?);
    match quoting::accept(standing, quoted, kind, at) {
        Ok(accepted) => {
            let scenario_text = written(&accepted.scenario);
            for (target, text) in [(&scenario, scenario_text), (&plan, written(&accepted.plan))] {
                if let Some(target) = target {
                    target.write(text.as_bytes())?;
                    screen::tell(&screen::wrote(target, lang));
                }
            }
            Ok(Ending::Done)
        }
        Err(refusal) => {
            let Refusal { reason, fresh, .. } = *refusal;
            screen::tell(&format!("paidan: {}\n", lang.of(&reason.zh, &reason.en)));
            if let Some(quote) = &fresh {
                print(quote, asked.format, lang)?;
            }
            Ok(Ending::Refused)
        }
    }
}

fn print(quote: &Quoted, format: Plain, lang: Lang) -> Result<(), Failure> {
    screen::print(&match format {
        Plain::Json => written(quote),
        Plain::Table => table(quote, lang),
    })
}

/// The quote as people read it.
fn table(quote: &Quoted, lang: Lang) -> String {
    let mut text = String::new();
    if let Some(refusal) = &quote.refusal {
        let (code, reason) = (&refusal.code, lang.of(&refusal.reason.zh, &refusal.reason.en));
        text += &lang.of(format!("拒绝 {code}：{reason}\n"), format!("refused {code}: {reason}\n"));
        for more in refusal.consequence.iter().chain(&refusal.about) {
            text += &format!("{}\n", lang.of(&more.zh, &more.en));
        }
    }
    if let Some(floor) = quote.floor.as_ref().filter(|floor| floor.is_beyond_wish) {
        let (finish, days) = (
            floor.finish,
            floor.working_days.map_or(String::new(), |days| {
                lang.of(format!("（{days} 个工作日）"), format!(" ({days} working days)"))
            }),
        );
        text += &lang.of(
            format!("按步骤顺序最早 {finish} 完成{days}，加价也不能更早\n"),
            format!(
                "by the order of its steps done {finish}{days} at the earliest, at any price\n"
            ),
        );
        for link in &floor.chain {
            let guide = link.guide.as_ref().map_or("", |guide| lang.of(&guide.zh, &guide.en));
            text += &format!("  {} → {}  {guide}\n", link.service, link.before);
        }
    }
    text += &rows(&quote.options, lang);
    for option in &quote.options {
        text +=
            &format!("{}: {}\n", option.kind.code(), lang.of(&option.reason.zh, &option.reason.en));
        for line in &option.price.lines {
            let evidence: Vec<&String> =
                line.evidence.iter().map(|told| lang.of(&told.zh, &told.en)).collect();
            let evidence = evidence.into_iter().fold(String::new(), |all, one| all + "; " + one);
            let what = lang.of(&line.what.zh, &line.what.en);
            let amount = crate::time::Money(line.amount_fen);
            text += &format!("  {what} {amount}{evidence}\n");
        }
    }
    match &quote.recommended {
        Some(best) => {
            let (kind, why) = (best.kind.code(), lang.of(&best.reason.zh, &best.reason.en));
            text +=
                &lang.of(format!("推荐 {kind}：{why}\n"), format!("recommended {kind}: {why}\n"));
        }
        None => text += lang.of("没有可行的方案\n", "there is no way to fit it in\n"),
    }
    text
}

fn rows(options: &[QuotedOption], lang: Lang) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(match lang {
        Lang::Zh => ["方案", "完成", "人员", "公司成本", "客户价格", "让出时间的工单"],
        Lang::En => ["option", "done by", "team", "costs the firm", "price", "displaced"],
    });
    for option in options {
        let displaced: Vec<String> = option
            .displaced
            .iter()
            .map(|row| format!("{} {} → {}", row.ticket, row.old_finish, row.new_finish))
            .collect();
        table.add_row([
            option.kind.code().to_owned(),
            option.finish.to_string(),
            option.team.join(", "),
            crate::time::Money(option.firm.total_fen).to_string(),
            option.price.total_fen.to_string(),
            displaced.join("\n"),
        ]);
    }
    format!("{table}\n")
}
