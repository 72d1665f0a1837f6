//! Tables in and out.

use paidan::exchange::tables::{
    CODES, Kind, Merged, Rows, View, merge, plan_csv, read_csv, template_csv,
};
use paidan::model::issue::Issue;
use paidan::model::lang::Lang;
use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use serde_json::json;

fn base() -> Scenario {
    serde_json::from_value(json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T09:00",
        "horizon": "2026-03-13T18:00",
        "calendars": [{"id": "office"}, {"id": "night", "name": {"zh": "夜班", "en": "night shift"}}],
        "skills": [{"id": "tax", "name": {"zh": "税务", "en": "taxes"}}, {"id": "legal"}],
        "sites": [{"id": "hall", "name": {"zh": "大厅", "en": "hall"}}],
        "people": [{"id": "li", "name": {"zh": "李娜", "en": "Li Na"},
                    "skills": [{"skill": "tax", "level": 3, "until": "2026-12-31"}],
                    "bands": [{"kind": "regular", "calendar": "office"}]}],
        "clients": [{"id": "acme", "name": {"zh": "艾克米", "en": "Acme"}}],
        "services": [{"id": "filing", "name": {"zh": "报税", "en": "tax filing"}, "normal": [
            {"id": "prepare", "name": {"zh": "准备", "en": "prepare"}, "site": "hall",
             "seats": [{"skill": "tax"}], "minutes": 60}
        ]}],
        "tickets": [{"id": "t1", "service": "filing", "client": "acme",
                     "title": {"zh": "申报, 一季度", "en": "filing, first quarter"},
                     "due": "2026-03-02T11:00"}]
    }))
    .unwrap()
}

fn queue(text: &str) -> Rows {
    read_csv(Kind::Queue, text.as_bytes()).unwrap()
}

/// Codes and places of what is wrong.
fn wrong(issues: &[Issue]) -> Vec<(&str, &str)> {
    issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect()
}

fn refused(kind: Kind, text: &str) -> Vec<Issue> {
    read_csv(kind, text.as_bytes()).unwrap_err()
}

fn unmerged(rows: &Rows) -> Vec<Issue> {
    let mut scenario = base();
    let issues = merge(&mut scenario, rows).unwrap_err();
    assert_eq!(scenario, base(), "what does not fit changes nothing");
    issues
}

#[test]
fn headings_are_read_in_either_language_and_any_order() {
    let chinese = queue("截止,工单号,服务\n2026-03-05 18:00,T-1,filing\n");
    let english = queue("ticket,service,due\nT-1,filing,2026/3/5 18:00\n");
    let both = queue("service 服务;TICKET 工单号;due 截止\nfiling;T-1;2026-03-05T18:00\n");
    for rows in [chinese, english, both] {
        let ticket = &rows.tickets[0];
        assert_eq!(ticket.id.name, "T-1");
        assert_eq!(ticket.service.stated().unwrap().name, "filing");
        assert_eq!(ticket.due.stated().unwrap().to_string(), "2026-03-05T18:00");
    }
}

#[test]
fn new_rows_are_added_and_known_ones_changed() {
    let rows = queue(
        "\u{feff}ticket,client,service,track,due,loss per hour,excluded\r\n\
         t1,,,加急,,\"1,200.50\",李娜\r\n\
         t2,艾克米,tax filing,,2026-03-05,,\r\n",
    );
    let mut scenario = base();
    let (merged, _) = merge(&mut scenario, &rows).unwrap();
    assert_eq!(merged, Merged { tickets: (1, 1), ..Merged::default() });
    let [one, two] = scenario.tickets.as_slice() else { panic!("two tickets") };
    assert_eq!(one.client.as_deref(), Some("acme"), "an empty cell keeps what is known");
    assert_eq!(one.excluded, ["li"]);
    assert_eq!(one.curves[0].per_hour_fen.0, 120_050);
    assert_eq!((two.client.as_deref(), two.service.as_deref()), (Some("acme"), Some("filing")));
    // A date alone is due at its end.
    assert_eq!(two.due.unwrap().to_string(), "2026-03-06T00:00");
}

#[test]
fn people_absences_and_clients_come_in_together() {
    let mut rows = read_csv(
        Kind::People,
        "员工号,姓名,技能,日历\nli,,税务:4,\nwang,王强,tax:2; legal:1@2027-01-31,夜班\n".as_bytes(),
    )
    .unwrap();
    let absences = "person,from,to,remote,reason\n王强,2026-03-03,2026-03-04,yes,出差\nli,2026-03-03 13:00,2026-03-03 15:00,,\n";
    rows.absences = read_csv(Kind::Absences, absences.as_bytes()).unwrap().absences;
    let clients = "client,annual value,owner\nnova,36000,wang\n";
    rows.clients = read_csv(Kind::Clients, clients.as_bytes()).unwrap().clients;
    let mut scenario = base();
    let (merged, _) = merge(&mut scenario, &rows).unwrap();
    assert_eq!((merged.people, merged.clients, merged.absences), ((1, 1), (1, 0), 2));
    let [li, wang] = scenario.people.as_slice() else { panic!("two people") };
    assert_eq!(li.skills[0].level, 4);
    assert!(li.skills[0].until.is_some(), "the certificate's last day is kept");
    assert_eq!(wang.bands[0].calendar, "night");
    let away = &wang.absences[0];
    assert_eq!(away.from.to_string(), "2026-03-03T00:00");
    assert_eq!(away.to.to_string(), "2026-03-05T00:00", "the last day off is included");
    assert!(away.remote);
    assert_eq!(scenario.clients[1].owner.as_deref(), Some("wang"));
    // The same absences again change nothing.
    assert_eq!(merge(&mut scenario, &rows).unwrap().0.absences, 0);
}

#[test]
fn every_fault_of_a_file_is_told_at_its_cell_in_one_go() {
    let text = "ticket,service,due,loss per hour,track\n\
                T-1,filing,tomorrow,1.234,\n\
                \n\
                \"T-2\",\"filing\",\"2026-03-05\n18:00\",,soon\n\
                ,filing,,,\n\
                T-1,filing,,,\n";
    assert_eq!(
        wrong(&refused(Kind::Queue, text)),
        [
            ("T408", "Queue!C2"),
            ("T409", "Queue!D2"),
            // Row 3 is empty; the cell with a line break is one row.
            ("T411", "Queue!E4"),
            ("T408", "Queue!C4"),
            ("T407", "Queue!A5"),
            ("T414", "Queue!A6"),
        ]
    );
    let text = "tikcet,service,service,colour\nT-1,filing,x,red\n";
    assert_eq!(
        wrong(&refused(Kind::Queue, text)),
        [("T404", "Queue!A1"), ("T405", "Queue!C1"), ("T420", "Queue!D1"), ("T406", "Queue!1")]
    );
    assert_eq!(refused(Kind::Queue, text)[0].hint_en.as_deref(), Some("did you mean \"ticket\"?"));
    let text = "person,skills\nli,tax\n";
    assert_eq!(wrong(&refused(Kind::People, text)), [("T410", "People!B2")]);
}

#[test]
fn names_nobody_bears_are_told_with_the_nearest() {
    let issues = unmerged(&queue("ticket,client,service\nt2,acmee,报税\nt3,,\n"));
    assert_eq!(wrong(&issues), [("T412", "Queue!B2"), ("T415", "Queue!A3")]);
    assert_eq!(issues[0].hint_en.as_deref(), Some("did you mean \"Acme\"?"));
    let rows = read_csv(Kind::Absences, b"person,from,to\nli,2026-03-04,2026-03-03 09:00\n");
    assert_eq!(wrong(&unmerged(&rows.unwrap())), [("T416", "Absences!C2")]);
    let mut people =
        read_csv(Kind::People, "person,name,calendar\nwu,李娜,office\n".as_bytes()).unwrap();
    people.absences =
        read_csv(Kind::Absences, "person,from,to\n李娜,2026-03-04,2026-03-04\n".as_bytes())
            .unwrap()
            .absences;
    assert_eq!(wrong(&unmerged(&people)), [("T413", "Absences!A2")]);
}

#[test]
fn what_must_be_there_cannot_be_cleared() {
    let text = "person,from,to\nli,-,2026-03-04\n";
    assert_eq!(wrong(&refused(Kind::Absences, text)), [("T419", "Absences!B2")]);
    let text = "ticket,service\n-,filing\n";
    assert_eq!(wrong(&refused(Kind::Queue, text)), [("T419", "Queue!A2")]);
}

#[test]
fn a_file_in_another_encoding_says_how_to_save_it() {
    // 工单号 in GBK.
    let issues = read_csv(Kind::Queue, b"ticket\n\xB9\xA4\xB5\xA5\xBA\xC5\n").unwrap_err();
    assert_eq!(wrong(&issues), [("T401", "Queue!2")]);
    assert!(issues[0].hint_en.as_ref().unwrap().contains("CSV UTF-8"));
}

#[test]
fn too_long_a_table_is_refused() {
    let mut text = "ticket\n".to_owned();
    (0..200_001).for_each(|row| text.push_str(&format!("{row}\n")));
    assert_eq!(wrong(&refused(Kind::Queue, &text)), [("T417", "Queue")]);
}

#[test]
fn the_template_reads_as_nothing_and_its_example_as_a_row() {
    for kind in Kind::ALL {
        let template = template_csv(kind);
        assert_eq!(read_csv(kind, &template).unwrap(), Rows::default(), "{kind:?}");
        let text = String::from_utf8(template).unwrap().replace("# ", "");
        let rows = read_csv(kind, text.as_bytes()).unwrap();
        let count = rows.tickets.len()
            + rows.people.len()
            + rows.absences.len()
            + rows.clients.len()
            + rows.progress.len()
            + rows.pins.len();
        assert_eq!((count, rows.warnings), (1, Vec::new()), "{kind:?}");
    }
}

fn plan() -> Plan {
    serde_json::from_value(json!({
        "format": "paidan-plan/1",
        "as_of": "2026-03-02T09:00",
        "steps": [{"ticket": "t1", "step": "prepare", "people": ["li"],
                   "start": "2026-03-02T11:30", "end": "2026-03-02T13:30",
                   "pieces": [{"from": "2026-03-02T11:30", "to": "2026-03-02T12:00"},
                              {"from": "2026-03-02T13:00", "to": "2026-03-02T13:30"}]}],
        "unserved": [{"ticket": "=t2", "reason": "no_room",
                      "price": {"weighted_fen": 100, "urgency_fen": 100, "client_value_fen": 0}}],
        "cost": {"total_fen": 120_050,
                 "lateness": {"weighted_fen": 119_950, "urgency_fen": 119_950, "client_value_fen": 0},
                 "unserved": {"weighted_fen": 100, "urgency_fen": 100, "client_value_fen": 0},
                 "overtime_fen": 0, "change_fen": 0, "imbalance_fen": 0, "preference_fen": 0},
        "prices": [{"date": "2026-03-02", "skill": "tax", "fen_per_hour": 23_000},
                   {"date": "2026-03-03", "people": ["li"], "fen_per_hour": 5}],
        "provenance": {"version": "0", "digest": "0123456789abcdef0123", "seed": 1, "lanes": 1,
                       "rounds": 1, "steps_per_round": 1, "construction": "slack"}
    }))
    .unwrap()
}

fn lines(view: View, lang: Lang) -> Vec<String> {
    let text = String::from_utf8(plan_csv(&plan(), &base(), view, lang)).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn the_plan_goes_out_as_tables() {
    assert_eq!(
        lines(View::ByPerson, Lang::Zh)[1],
        "li,李娜,2026-03-02 11:30,2026-03-02 13:30,2026-03-02 11:30–12:00; 2026-03-02 13:00–13:30,\
         t1,\"申报, 一季度\",艾克米,准备,1,计划,"
    );
    // Due 11:00, finished 13:30: 150 minutes late.
    assert_eq!(
        lines(View::ByTicket, Lang::En)[1],
        "t1,\"filing, first quarter\",Acme,late,2026-03-02 11:30,2026-03-02 13:30,2026-03-02 11:00,150,li"
    );
    assert_eq!(
        lines(View::Unserved, Lang::En)[1],
        "'=t2,'=t2,,no room beside the others,1.00,0.00,1.00",
        "a name cannot act as a formula"
    );
    assert_eq!(lines(View::Cost, Lang::En)[1], "total,1200.50");
    assert_eq!(lines(View::Prices, Lang::Zh)[1], "2026-03-02,tax,税务,,,230.00");
    assert_eq!(lines(View::Prices, Lang::En)[2], "2026-03-03,,,li,Li Na,0.05");
}

#[test]
fn every_code_is_provoked_by_some_test() {
    let source = include_str!("tables.rs");
    let missing: Vec<&&str> =
        CODES.iter().filter(|code| !source.contains(&format!("(\"{code}\", "))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[cfg(feature = "xlsx")]
mod xlsx {
    use super::{base, plan, wrong};
    use paidan::exchange::tables::{merge, plan_xlsx, read_xlsx, template_xlsx};
    use paidan::model::lang::Lang;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    #[test]
    fn a_workbook_is_read_with_its_dates_and_amounts() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("工单").unwrap();
        let headings = ["工单号", "service", "release", "due", "loss per hour"];
        for (column, heading) in (0..).zip(headings) {
            sheet.write(0, column, heading).unwrap();
        }
        let (time, date) = (
            Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            Format::new().set_num_format("yyyy-mm-dd"),
        );
        let serial = |hour, minute| {
            ExcelDateTime::from_ymd(2026, 3, 5).unwrap().and_hms(hour, minute, 0).unwrap()
        };
        sheet.write(1, 0, 17).unwrap();
        sheet.write(1, 1, "报税").unwrap();
        sheet.write_with_format(1, 2, serial(17, 59), &time).unwrap();
        sheet.write_with_format(1, 3, serial(0, 0), &date).unwrap();
        sheet.write(1, 4, 0.1 + 0.2).unwrap();
        book.add_worksheet().set_name("scratch").unwrap();
        let rows = read_xlsx(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(wrong(&rows.warnings), [("T421", "scratch")]);
        let mut scenario = base();
        merge(&mut scenario, &rows).unwrap();
        let ticket = &scenario.tickets[1];
        assert_eq!((ticket.id.as_str(), ticket.service.as_deref()), ("17", Some("filing")));
        assert_eq!(ticket.release.unwrap().to_string(), "2026-03-05T17:59");
        assert_eq!(ticket.due.unwrap().to_string(), "2026-03-06T00:00");
        assert_eq!(ticket.curves[0].per_hour_fen.0, 30);
    }

    #[test]
    fn faults_of_a_workbook_are_told_by_sheet_and_cell() {
        assert_eq!(wrong(&read_xlsx(b"PK nonsense").unwrap_err()), [("T402", "")]);
        let mut book = Workbook::new();
        book.add_worksheet().set_name("sums").unwrap();
        let issues = read_xlsx(&book.save_to_buffer().unwrap()).unwrap_err();
        assert_eq!(wrong(&issues), [("T421", "sums"), ("T403", "")]);
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("People 员工").unwrap();
        // Headings may stand lower and further right.
        sheet.write(2, 1, "person").unwrap();
        sheet.write(2, 2, "trainee").unwrap();
        sheet.write(3, 1, "li").unwrap();
        sheet.write(3, 2, "perhaps").unwrap();
        sheet
            .write_formula(4, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A"))
            .unwrap();
        sheet.write(4, 2, true).unwrap();
        let issues = read_xlsx(&book.save_to_buffer().unwrap()).unwrap_err();
        assert_eq!(wrong(&issues), [("T411", "People 员工!C4"), ("T418", "People 员工!B5")]);
    }

    #[test]
    fn the_template_and_the_plan_are_workbooks_that_open() {
        let rows = read_xlsx(&template_xlsx()).unwrap();
        assert_eq!(rows, paidan::exchange::tables::Rows::default());
        let issues = read_xlsx(&plan_xlsx(&plan(), &base(), Lang::En).unwrap()).unwrap_err();
        let sheets: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(sheets, ["By person", "By ticket", "Unserved", "Cost", "Worth of hours", ""]);
    }
}
