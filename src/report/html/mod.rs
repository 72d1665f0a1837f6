//! The plan as one page that needs nothing else: no network, no fonts, no server; a script only to
//! sort and filter. Both languages are in it; a reader switches between them, also without script.
//!
//! Must not know where the page goes.

mod axis;
mod bar;
mod gantt;
mod panels;
mod proof;
mod tables;
mod top;

use super::board::Board;
use super::markup::Markup;
use super::say::{self, label, of};
use crate::calendar::Label;
use crate::model::lang::Lang;

/// The page's style sheet.
const STYLE: &str = include_str!("page.css");

/// Sorting, filtering, remembering the language; the page is whole without it.
const SCRIPT: &str = include_str!("page.js");

/// Writes one section of the page.
type Writer = fn(&mut Markup, &Board);

/// The page of `board`, opening in `lang`.
#[must_use]
pub fn render(board: &Board, lang: Lang) -> String {
    let mut page = Markup::document();
    page.start("html", &[("lang", &lang.of("zh", "en"))]);
    head(&mut page, &say::title(board), lang, STYLE);
    page.start("body", &[]);
    languages(&mut page, lang);
    page.start("div", &[("class", &"page")]);
    top::write(&mut page, board);
    page.start("main", &[]);
    let sections: [(&str, Label, Writer); 8] = [
        ("gantt", label("谁在何时做什么", "Who does what when"), gantt::write),
        ("moments", label("关键时刻", "Key moments"), tables::moments),
        (
            "risk",
            label("预警：再晚两小时就要多花钱", "At risk: two hours more cost money"),
            tables::at_risk,
        ),
        ("unserved", label("未排入", "Unserved"), tables::unserved),
        ("tickets", label("工单", "Tickets"), tables::tickets),
        ("people", label("员工", "People"), tables::people),
        ("cost", label("费用", "Cost"), top::cost),
        (
            "proof",
            label("离最优最多差多少", "How far from the best possible, at most"),
            proof::write,
        ),
    ];
    for (id, title, write) in sections {
        if id == "proof" && !proof::is_known(board) {
            continue;
        }
        page.start("section", &[("id", &id)]);
        page.said("h2", &[], &title);
        write(&mut page, board);
        page.end();
    }
    page.end();
    top::provenance(&mut page, board);
    page.end();
    page.start("script", &[]).raw(SCRIPT).end();
    page.end().end();
    page.finish()
}

/// The head of a page: encoding, size, title, style.
pub(super) fn head(page: &mut Markup, title: &Label, lang: Lang, style: &'static str) {
    page.start("head", &[]);
    page.void("meta", &[("charset", &"utf-8")]);
    let viewport = "width=device-width, initial-scale=1";
    page.void("meta", &[("name", &"viewport"), ("content", &viewport)]);
    page.void("meta", &[("name", &"color-scheme"), ("content", &"light dark")]);
    page.leaf("title", &[("data-zh", &title.zh), ("data-en", &title.en)], of(title, lang));
    page.start("style", &[]).raw(style).end();
    page.end();
}

/// The switch between languages: two radio buttons that the style sheet looks at.
pub(super) fn languages(page: &mut Markup, lang: Lang) {
    for (id, name, own) in [("lang-zh", "中文", Lang::Zh), ("lang-en", "English", Lang::En)] {
        let (class, kind) = ("lang", "radio");
        if own == lang {
            page.void(
                "input",
                &[
                    ("class", &class),
                    ("type", &kind),
                    ("name", &class),
                    ("id", &id),
                    ("aria-label", &name),
                    ("checked", &""),
                ],
            );
        } else {
            page.void(
                "input",
                &[
                    ("class", &class),
                    ("type", &kind),
                    ("name", &class),
                    ("id", &id),
                    ("aria-label", &name),
                ],
            );
        }
    }
}
