//! Drawings of a simulation: bars with intervals, bars in parts, lines over tenths. Numbers stand
//! beside colours, so that nobody has to tell colours apart. Must not know what is drawn.

use super::super::markup::Markup;
use crate::calendar::Label;

/// The whole drawing and the plot in it.
const WIDTH: i64 = 1100;
const LEFT: i64 = 250;
const RIGHT: i64 = 890;
const ROW: i64 = 34;

/// Tenths that lines go through: the highest is left out, as single values may be far away.
const TENTHS: i64 = 9;

/// Colours there are.
pub(super) const COLOURS: usize = 6;

/// A bar: its name, its parts by colour, what is written behind it, half its interval.
pub(super) struct Bar {
    pub(super) name: Label,
    pub(super) parts: Vec<(usize, i64)>,
    pub(super) told: Label,
    pub(super) half: i64,
}

/// As much of `text` as stands beside a bar; a Chinese character is as wide as two Latin ones.
fn clipped(text: &str) -> String {
    const MOST: usize = 34;
    let mut width = 0;
    let fits = |letter: &char| {
        width += if letter.is_ascii() { 1 } else { 2 };
        width <= MOST
    };
    let kept: String = text.chars().take_while(fits).collect();
    if kept.len() < text.len() { kept + "…" } else { kept }
}

/// Where `value` of at most `most` lies.
fn across(value: i64, most: i64) -> i64 {
    let width = i128::from(RIGHT - LEFT);
    let at = i128::from(value.max(0)) * width / i128::from(most.max(1));
    LEFT + i64::try_from(at.min(width)).unwrap_or(0)
}

/// Bars one below the other; `most` is at the right edge.
pub(super) fn bars(page: &mut Markup, title: &str, bars: &[Bar], most: Option<i64>) {
    let length = |bar: &Bar| bar.parts.iter().map(|(_, value)| value).sum::<i64>();
    let widest = bars.iter().map(|bar| length(bar).saturating_add(bar.half)).max().unwrap_or(1);
    let most = most.unwrap_or(widest);
    let height = ROW * i64::try_from(bars.len()).unwrap_or(0) + 16;
    begin(page, title, height);
    line(page, "axis", (LEFT, 4), (LEFT, height - 8));
    for (bar, row) in bars.iter().zip(0..) {
        let top = 8 + ROW * row;
        let name = Label { zh: clipped(&bar.name.zh), en: clipped(&bar.name.en) };
        page.drawn(&[("class", &"end"), ("x", &(LEFT - 10)), ("y", &(top + 18))], &name);
        let mut sum = 0;
        for (colour, value) in &bar.parts {
            let (from, to) = (across(sum, most), across(sum + value, most));
            sum += value;
            let class = format!("f{}", colour % COLOURS);
            page.void(
                "rect",
                &[
                    ("class", &class),
                    ("x", &from),
                    ("y", &top),
                    ("width", &(to - from)),
                    ("height", &(ROW - 10)),
                ],
            );
        }
        let middle = top + (ROW - 10) / 2;
        let (low, high) = (across(sum - bar.half, most), across(sum + bar.half, most));
        if bar.half > 0 {
            line(page, "whisker", (low, middle), (high, middle));
            line(page, "whisker", (low, middle - 5), (low, middle + 5));
            line(page, "whisker", (high, middle - 5), (high, middle + 5));
        }
        let end = high.max(across(sum, most)) + 8;
        page.drawn(&[("x", &end), ("y", &(top + 18))], &bar.told);
    }
    page.end();
}

/// The end of a scale from 0 on that holds `most`, its quarters whole and easily read.
fn scale(most: i64) -> i64 {
    let mut unit: i64 = 4;
    while unit.saturating_mul(25) <= most {
        unit *= 10;
    }
    most.max(1).saturating_add(unit - 1) / unit * unit
}

/// A line per row over its tenths, its number at the end; the scale is linear from 0 to `most`, or
/// to a little more than the highest value.
pub(super) fn lines(
    page: &mut Markup,
    title: &str,
    rows: &[Vec<i64>],
    most: Option<i64>,
    shown: &dyn Fn(i64) -> String,
) {
    const HEIGHT: i64 = 300;
    const BOTTOM: i64 = HEIGHT - 30;
    let most = most.unwrap_or_else(|| scale(rows.iter().flatten().copied().max().unwrap_or(0)));
    let height = |value: i64| {
        let up = i128::from(value.max(0)) * i128::from(BOTTOM - 20) / i128::from(most);
        BOTTOM - i64::try_from(up).unwrap_or(0)
    };
    begin(page, title, HEIGHT);
    for tenth in 0..=TENTHS {
        let x = LEFT + (RIGHT - LEFT) * tenth / TENTHS;
        line(page, "grid", (x, 16), (x, BOTTOM));
        let class = "soft middle";
        let told = format!("{}%", tenth * 10);
        page.leaf("text", &[("class", &class), ("x", &x), ("y", &(BOTTOM + 18))], told);
    }
    for quarter in 0..=4 {
        let value = most * quarter / 4;
        let y = height(value);
        line(page, "grid", (LEFT, y), (RIGHT, y));
        let class = "soft end";
        page.leaf("text", &[("class", &class), ("x", &(LEFT - 10)), ("y", &(y + 4))], shown(value));
    }
    for (row, values) in rows.iter().enumerate() {
        let points: Vec<String> = values
            .iter()
            .zip(0..)
            .map(|(value, tenth)| {
                format!("{},{}", LEFT + (RIGHT - LEFT) * tenth / TENTHS, height(*value))
            })
            .collect();
        let class = format!("line s{}", row % COLOURS);
        page.void("polyline", &[("class", &class), ("points", &points.join(" "))]);
        if let Some(last) = values.last() {
            let y = height(*last) + 4;
            let x = RIGHT + 8 + 16 * i64::try_from(row).unwrap_or(0);
            page.leaf("text", &[("x", &x), ("y", &y)], row + 1);
        }
    }
    page.end();
}

fn begin(page: &mut Markup, title: &str, height: i64) {
    let view = format!("0 0 {WIDTH} {height}");
    page.start("svg", &[("viewBox", &view), ("role", &"img"), ("aria-label", &title)]);
}

fn line(page: &mut Markup, class: &'static str, from: (i64, i64), to: (i64, i64)) {
    page.void(
        "line",
        &[("class", &class), ("x1", &from.0), ("y1", &from.1), ("x2", &to.0), ("y2", &to.1)],
    );
}

#[cfg(test)]
mod tests {
    use super::scale;

    #[test]
    fn scales_end_at_numbers_whose_quarters_are_easily_read() {
        assert_eq!([0, 3, 99, 100, 2_936, 6_850].map(scale), [4, 4, 100, 120, 3_200, 7_200]);
        assert_eq!(scale(54_770_648), 56_000_000);
    }
}
