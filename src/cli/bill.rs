//! A bill as people read it on a terminal.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, LineStyle, Table};

use crate::model::cost::Bill;
use crate::model::lang::Lang;
use crate::time::Money;

/// The parts of a bill by name, as they are added up.
pub(crate) fn parts(bill: &Bill, lang: Lang) -> [(&'static str, Money); 7] {
    [
        (lang.of("逾期", "lateness"), bill.lateness.weighted_fen),
        (lang.of("未排入", "unserved"), bill.unserved.weighted_fen),
        (lang.of("加班与值班", "overtime"), bill.overtime_fen),
        (lang.of("变更", "change"), bill.change_fen),
        (lang.of("不均衡", "imbalance"), bill.imbalance_fen),
        (lang.of("偏好", "preference"), bill.preference_fen),
        (lang.of("合计", "total"), bill.total_fen),
    ]
}

/// `bill`, a row per part.
pub(crate) fn table(bill: &Bill, lang: Lang) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header([lang.of("费用", "cost"), "¥"]);
    for (name, amount) in parts(bill, lang) {
        table.add_row([name.to_owned(), amount.to_string()]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}
