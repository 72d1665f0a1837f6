//! `import`, `export` and `generate`.

use super::bench::{Bench, FIRM};

#[test]
fn a_template_is_written_filled_in_and_imported() {
    let bench = Bench::new("cli-import");
    bench.run(&["export", "--template", "queue.csv"]).expect(0);
    let heading = bench.text("queue.csv");
    assert!(heading.contains("ticket"), "{heading}");
    bench.put("absences.csv", "person,from,to\n王芳,2026-03-09 09:00,2026-03-09 18:00\n");
    let out = ["import", ".", "absences.csv", "--out", "today.json"];
    let run = bench.run(&out).expect(0);
    assert!(run.err.contains("absences: 1 added"), "{}", run.err);
    let wang = &bench.json("today.json")["people"][0];
    assert_eq!(wang["absences"].as_array().unwrap().len(), 1);
    bench.run(&["plan", "today.json", "--rounds", "1"]).expect(0);
}

#[test]
fn what_a_scenario_knows_goes_out_is_changed_and_comes_back() {
    let bench = Bench::new("cli-filled");
    bench.run(&["export", ".", "--template", "people.csv"]).expect(0);
    let people = bench.text("people.csv");
    assert!(people.contains("wang,Wang Fang,,tax:3,office,,no,no,,"), "{people}");
    let longer = people.replace("wang,Wang Fang,,tax:3,office,,no,no,,", "wang,,,,,,,,,office,80");
    bench.put("people.csv", &longer);
    bench.put(
        "progress.csv",
        "ticket,step,state,people,start,end,minutes left\n\
         t1,file,done,li,2026-03-09 09:00,2026-03-09 10:00,\n\
         t2,file,took longer,wang,2026-03-09 09:00,,90\n\
         ,,did not come,李强,2026-03-09 11:00,2026-03-09,\n",
    );
    bench.put("pins.csv", "ticket,step,people,start\nt3,file,,2026-03-10 09:00\n");
    let tables = ["import", ".", "people.csv", "progress.csv", "pins.csv"];
    let out = ["--as-of", "2026-03-09 11:00", "--out", "eleven.json"];
    let run = bench.run(&[&tables[..], &out].concat()).expect(0);
    assert!(run.err.contains("progress: 2 added, 0 changed"), "{}", run.err);
    assert!(run.err.contains("pins: 1 added") && run.err.contains("absences: 1"), "{}", run.err);
    bench.run(&["plan", "eleven.json", "--rounds", "1", "--out", "plan.json"]).expect(0);
    let plan = bench.json("plan.json");
    let ends: Vec<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["end"].as_str().unwrap())
        .collect();
    // Ninety minutes from 11:00 on with lunch from 12:00 to 13:00; two hours from the pinned start.
    assert_eq!(
        ends,
        ["2026-03-09T10:00+08:00", "2026-03-09T13:30+08:00", "2026-03-10T11:00+08:00"]
    );
}

#[test]
fn faults_of_a_table_name_sheet_and_cell_and_nothing_is_written() {
    let bench = Bench::new("cli-import-wrong");
    bench.put("absences.csv", "person,from,to\nwan,2026-03-09 09:00,2026-03-09 18:00\nli,soon,\n");
    let run = bench.run(&["import", ".", "absences.csv", "--out", "today.json"]).expect(2);
    assert!(run.err.contains("B3"), "{}", run.err);
    assert!(!bench.path("today.json").exists());
    // What only the whole scenario shows is wrong names the row as well: two seats' worth of people.
    bench.put(
        "progress.csv",
        "ticket,step,state,people,start,end\n\
         t1,file,done,li; wang,2026-03-06 09:00,2026-03-06 10:00\n",
    );
    let run = bench.run(&["import", ".", "progress.csv"]).expect(2);
    assert!(run.err.contains("S221") && run.err.contains("Progress!B2"), "{}", run.err);
    bench.put("notes.csv", "person\n");
    bench.run(&["import", ".", "notes.csv"]).expect(2);
}

#[test]
fn a_plan_goes_out_in_every_form() {
    let bench = Bench::new("cli-export");
    let arguments = ["export", ".", "hand.json", "--csv", "plan.csv", "--report", "plan.html"];
    let more = ["--sheets", "sheets.html", "--ics", "li.ics", "--person", "li"];
    bench.run(&[&arguments[..], &more].concat()).expect(0);
    assert_eq!(bench.text("plan.csv").lines().count(), 1 + 3);
    assert!(bench.text("plan.html").contains("<svg"));
    assert!(bench.text("sheets.html").contains("Li Qiang"));
    assert!(bench.text("li.ics").starts_with("BEGIN:VCALENDAR\r\n"));
    // Li's calendar follows a plan in which Wang does everything, one after another.
    let moved = bench.text("hand.json").replace("\"li\"", "\"wang\"");
    let moved = moved.replacen("09T09:00", "09T13:00", 1);
    bench.put("moved.json", &moved);
    let more = ["--person", "li", "--previous", "hand.json", "--firm", "acme"];
    bench.run(&[&["export", ".", "moved.json", "--ics", "li.ics"], &more[..]].concat()).expect(0);
    let calendar = bench.text("li.ics");
    assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 2, "{calendar}");
    assert!(calendar.contains("UID:t2/file/li/0@acme"), "{calendar}");
    let run = bench.run(&["export", ".", "hand.json", "--ics", "x", "--person", "lu"]).expect(2);
    assert!(run.err.contains("did you mean \"li\""), "{}", run.err);
    bench.run(&["export", ".", "hand.json"]).expect(2);
}

#[cfg(feature = "xlsx")]
#[test]
fn workbooks_go_out_and_come_in() {
    let bench = Bench::new("cli-xlsx");
    bench.run(&["export", ".", "hand.json", "--xlsx", "plan.xlsx"]).expect(0);
    bench.run(&["export", "--template", "template.xlsx"]).expect(0);
    bench.run(&["import", ".", "template.xlsx", "--out", "same.json"]).expect(0);
    bench.run(&["plan", "same.json", "--rounds", "1"]).expect(0);
}

#[test]
fn scenarios_are_generated_the_same_for_the_same_seed_and_can_be_planned() {
    let bench = Bench::new("cli-generate");
    let order = ["generate", "--tickets", "12", "--people", "6", "--seed", "3"];
    let run = bench.run(&[&order[..], &["--out", "made.json"]].concat()).expect(0);
    assert!(run.err.contains("12 tickets, 6 people") && run.err.contains("load "), "{}", run.err);
    assert_eq!(bench.run(&order).expect(0).out, bench.text("made.json"));
    bench.run(&["plan", "made.json", "--rounds", "1"]).expect(0);
}

#[test]
fn rows_that_change_nothing_are_not_counted_as_changes() {
    let bench = Bench::new("cli-unchanged");
    bench.run(&["export", ".", "--template", "people.csv"]).expect(0);
    let run = bench.run(&["import", ".", "people.csv", "--out", "same.json"]).expect(0);
    assert!(run.err.contains("people: 0 added, 0 changed"), "{}", run.err);
    let renamed = bench.text("people.csv").replace("Wang Fang", "Wang Fen");
    bench.put("people.csv", &renamed);
    let run = bench.run(&["import", ".", "people.csv", "--out", "new.json"]).expect(0);
    assert!(run.err.contains("people: 0 added, 1 changed"), "{}", run.err);
}

/// R189: teams have names like everything else that people read.
#[test]
fn teams_are_called_by_their_names_where_they_have_some() {
    let bench = Bench::new("cli-teams");
    let teams = r#""teams": [{"id": "tax", "name": {"zh": "税务组", "en": "Tax team"}}], "people""#;
    let named = FIRM
        .replace("\"people\"", teams)
        .replace("\"id\": \"li\",", "\"id\": \"li\", \"team\": \"tax\",")
        .replace("\"id\": \"wang\",", "\"id\": \"wang\", \"team\": \"law\",");
    bench.put("scenario.json", &named);
    let export = ["export", ".", "hand.json", "--sheets", "days.html", "--report", "page.html"];
    bench.run(&[&export[..], &["--lang", "zh"]].concat()).expect(0);
    for page in ["days.html", "page.html"] {
        let page = bench.text(page);
        assert!(page.contains("税务组") && page.contains("law") && !page.contains(">tax<"));
    }
}
