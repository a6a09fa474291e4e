//! Eleven states × segment kinds against the table in matrix.txt, with sequence numbers that wrap.

use crate::support::bench::{Bench, STATES};
use crate::support::{NUMBERS, config};

const TABLE: &str = include_str!("../data/matrix.txt");

struct Row {
    section: &'static str,
    kind: &'static str,
    segment: &'static str,
    reply: &'static str,
    next: &'static str,
    rule: &'static str,
}

fn rows() -> Vec<Row> {
    let mut rows = vec![];
    let mut section = "";
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            continue;
        }
        let mut cells = line.split('|').map(str::trim);
        let mut cell = || cells.next().unwrap_or_else(|| panic!("five cells in {line:?}"));
        let (kind, segment, reply, next, rule) = (cell(), cell(), cell(), cell(), cell());
        rows.push(Row { section, kind, segment, reply, next, rule });
    }
    rows
}

/// An end in the section's state, by calls and segments alone.
fn bench(section: &str, iss: u32, irs: u32) -> Bench {
    if let Some(state) = section.strip_suffix(" without RFC 5961") {
        let mut config = config(iss);
        (config.challenge_rst, config.challenge_syn) = (false, false);
        return Bench::in_state(state, config, irs);
    }
    if let Some(state) = section.strip_suffix(" with window 0") {
        let mut config = config(iss);
        config.receive_buffer = 10;
        let mut bench = Bench::in_state(state, config, irs);
        let una = if state == "FIN-WAIT-2" { 2 } else { 1 };
        bench.arrive(&format!("P. 1+10 ack {una}"));
        assert_eq!(bench.connection.tcb().rcv_wnd, 0);
        return bench;
    }
    Bench::in_state(section, config(iss), irs)
}

fn check(row: &Row, iss: u32, irs: u32) -> Result<(), String> {
    let mut bench = bench(row.section, iss, irs);
    let before = bench.state();
    let mut reply = match bench.arrive(row.segment).join("; ") {
        reply if reply.is_empty() => "-".into(),
        reply => reply,
    };
    if !row.reply.contains("zero") {
        // With wrapping numbers, our own number may be zero.
        let seq = row.reply.split(' ').nth(1).unwrap_or_default();
        reply = reply.replace("zero", seq);
    }
    let next = if row.next == "=" { before } else { row.next };
    if reply == row.reply && bench.state() == next && bench.rules().contains(&row.rule) {
        return Ok(());
    }
    let Row { section, kind, segment, .. } = row;
    Err(format!(
        "[{section}] {kind}: {segment} with ISS={iss} IRS={irs}\n  want {} | {next} | {}\n  \
         got  {reply} | {} | {:?}\n",
        row.reply,
        row.rule,
        bench.state(),
        bench.rules(),
    ))
}

#[test]
fn every_state_answers_every_segment_as_the_table_says() {
    let mut failures = vec![];
    for row in rows() {
        for (iss, irs) in NUMBERS {
            if let Err(failure) = check(&row, iss, irs) {
                failures.push(failure);
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{} rows fail:\n{}", failures.len(), failures.concat());
}

#[test]
fn the_table_is_complete() {
    let rows = rows();
    let kinds = |state: &str| -> Vec<&str> {
        rows.iter().filter(|row| row.section == state).map(|row| row.kind).collect()
    };
    assert_eq!(kinds("CLOSED").len(), 33);
    for state in STATES {
        assert_eq!(kinds(state), kinds("CLOSED"), "{state}");
    }
}

/// A segment that is dropped or challenged changes nothing, except that an ACK may be due.
#[test]
fn a_dropped_segment_changes_nothing() {
    let drops = rows().into_iter().filter(|row| row.next == "=" && row.rule.contains("challenged"));
    for row in drops {
        let mut bench = bench(row.section, 7, 9);
        let before = *bench.connection.tcb();
        let timers = *bench.connection.timers();
        bench.arrive(row.segment);
        assert_eq!(*bench.connection.tcb(), before, "{}: {}", row.section, row.segment);
        assert_eq!(*bench.connection.timers(), timers);
    }
}
