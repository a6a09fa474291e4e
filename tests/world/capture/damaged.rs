//! Truncated and damaged files: they give an error or fewer segments, never a panic, and need
//! little memory.

use super::build::{ACK, Order, PacketBlock, SYN, client, packet_block, pcap, section, timed};
use super::{open, open_in_chunks};

fn files() -> Vec<Vec<u8>> {
    let mut ethernet = vec![0; 12];
    ethernet.extend([0x81, 0, 0, 5, 8, 0]);
    let packets = (0..6).map(|index| {
        let mut segment = client(if index == 0 { SYN } else { ACK }, 100 + index, 7, 3);
        segment.options = vec![5, 10, 0, 0, 0, 1, 0, 0, 0, 9, 1, 1];
        [&ethernet[..], &segment.datagram()].concat()
    });
    let packets = timed(packets);
    let mut files = Vec::new();
    for order in Order::BOTH {
        files.push(pcap(order, false, 1, &packets));
        let mut file = section(order, 1, 9);
        for (at, packet) in &packets {
            file.extend(packet_block(order, PacketBlock::Enhanced, *at, packet));
            file.extend(packet_block(order, PacketBlock::Obsolete, *at, packet));
        }
        files.push(file);
    }
    let line = "12:00:00.000001 IP 192.0.2.1.80 > 192.0.2.2.81: Flags [P.], seq 1:4, ack 5, \
        win 6, options [nop,nop,TS val 1 ecr 2,sack 1 {7:9}], length 3\n\
        1 0.5 192.0.2.1 → 192.0.2.2 TCP 74 80 → 81 [SYN, ACK] Seq=0 Ack=1 Win=9 Len=0 WS=128\n";
    files.push(line.as_bytes().to_vec());
    files
}

#[test]
fn a_truncated_file_gives_its_first_segments() {
    for file in files() {
        let whole = open(&file).lines();
        assert!(!whole.is_empty());
        for length in 0..file.len() {
            let opened = open(&file[..length]);
            let lines = opened.lines();
            assert!(lines.len() <= whole.len());
            // A truncated last line of text may lack fields without being an error.
            let certain = lines.len().saturating_sub(1);
            assert_eq!(lines[..certain], whole[..certain], "{length}");
            if let Err(error) = opened.result {
                assert!(error.offset <= length as u64, "{error}");
            }
        }
    }
}

#[test]
fn changed_bytes_do_not_panic() {
    // A linear congruential generator: the same changes in every run.
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((state >> 33) % below as u64).unwrap()
    };
    for file in files() {
        for _ in 0..2_000 {
            let mut changed = file.clone();
            for _ in 0..=random(4) {
                let at = random(changed.len());
                changed[at] = match random(4) {
                    0 => 0,
                    1 => 0xff,
                    2 => changed[at] ^ (1 << random(8)),
                    _ => u8::try_from(random(256)).unwrap(),
                };
            }
            let whole = open(&changed);
            let parts = open_in_chunks(&changed, 1 + random(90));
            assert_eq!(whole.lines(), parts.lines());
            assert_eq!(whole.result, parts.result);
            assert_eq!(whole.remarks(), parts.remarks());
        }
    }
}

#[test]
fn the_number_of_connections_is_limited() {
    let syn = |index: u32| {
        let mut segment = client(SYN, index, 0, 0);
        segment.from.set_port((index & 0xffff) as u16);
        segment.to.set_port((index >> 16) as u16);
        segment.datagram()
    };
    let opened = open(&pcap(Order::Little, false, 101, &timed((0..131_082).map(syn))));
    assert_eq!(opened.result, Ok(()));
    assert_eq!(opened.capture.connections().len(), 131_072);
    assert!(opened.remarks().contains("segments beyond the limit of connections, not read: 10\n"));
}
