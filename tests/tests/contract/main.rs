//! The wire contract, number by number, against `wardle`: `CONTRACT.md` is the map.

mod c0;
mod c1;
mod c2;
mod c3;
mod c4_1;
mod c4_10;
mod c4_12;
mod c4_2;
mod c4_3;
mod c4_4;
mod c4_5;
mod c4_6;
mod c4_7;
mod c4_8;
mod c4_9;
mod c5;
mod c6;
mod c7_2;
mod c7_5;
mod c9;
mod probe;
mod spy;
