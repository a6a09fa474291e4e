//! Runs a built-in scenario and prints its steps: `cargo run --example run -- syn-lost`.

use tcp_handshake::scenarios::{Lesson, Tuning};
use tcp_handshake::sim::{Effect, Timeline};

fn main() {
    let id = std::env::args().nth(1).unwrap_or_else(|| "normal".to_owned());
    let Some(lesson) = Lesson::find(&id) else {
        eprintln!("no scenario is called {id}");
        std::process::exit(2);
    };
    let timeline = Timeline::of(lesson.scenario(&Tuning::default()));
    let trace = timeline.trace();
    for step in &trace.steps {
        println!("{} {} {:?} -> {}", step.at, step.side.name(), step.cause, step.state());
        for effect in trace.effects(step) {
            match effect {
                Effect::Sent(index) => {
                    let record = &trace.segments[index];
                    println!("    {} {} {:?}", record.id, record.segment, record.rule);
                }
                other => println!("    {other:?}"),
            }
        }
    }
    println!("{:?}", trace.ending);
}
