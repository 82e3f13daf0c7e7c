-- SPDX-License-Identifier: GPL-3.0-or-later
-- The store of tare: everything that comes after a measurement reads this and nothing
-- else.  Units are in the names; NULL is "not known", never 0.  A store of another
-- version is refused.
PRAGMA application_id = 0x74617265; -- "tare"
PRAGMA user_version = 3;

CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	started_utc TEXT NOT NULL,           -- 2026-11-24T10:00:00Z
	ended_utc TEXT,                      -- NULL: still running, or killed
	status TEXT NOT NULL CHECK (status IN ('running', 'done', 'budget', 'interrupted', 'failed')),
	suite TEXT NOT NULL,
	suite_text TEXT NOT NULL,            -- the YAML as read
	command TEXT NOT NULL,               -- exact command line
	version TEXT NOT NULL,               -- of tare
	seed INTEGER NOT NULL,
	budget_ns INTEGER NOT NULL,
	elapsed_ns INTEGER NOT NULL DEFAULT 0, -- measuring time so far, over all resumes
	options TEXT NOT NULL DEFAULT '{}'   -- JSON: on, emulation, …, for --resume
);

CREATE TABLE environment (
	run INTEGER NOT NULL REFERENCES run,
	name TEXT NOT NULL,                  -- 'kernel', 'cpu.model', 'hwloc.xml', …
	value TEXT NOT NULL,
	source TEXT NOT NULL,                -- file or call it was read from
	PRIMARY KEY (run, name)
) WITHOUT ROWID;

-- A platform as planned: also those that could not run, with the reason.
CREATE TABLE platform (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	name TEXT NOT NULL,
	path TEXT NOT NULL,
	driver TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('ready', 'emulated', 'unavailable')),
	reason TEXT NOT NULL DEFAULT '',
	UNIQUE (run, name, path)
);

-- One start of one platform, with its phases and what was read back from it.
CREATE TABLE instance (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	platform TEXT NOT NULL,
	emulated INTEGER NOT NULL CHECK (emulated IN (0, 1)),
	open_to_hello_ns INTEGER,            -- NULL: it never said hello
	phases TEXT NOT NULL DEFAULT '[]'    -- JSON: [{"name","ns"}]
);
CREATE TABLE fact (
	instance INTEGER NOT NULL REFERENCES instance,
	name TEXT NOT NULL,
	asked TEXT,
	got TEXT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (instance, name)
) WITHOUT ROWID;

CREATE TABLE cell (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	label TEXT NOT NULL,
	workload TEXT NOT NULL,
	family TEXT NOT NULL CHECK (family IN
		('control', 'cpu', 'memory', 'memcg', 'disk', 'start')),
	metric TEXT NOT NULL,                -- 'cpu time', 'wall time', 'round trip', 'IOPS', 'B/s'
	unit TEXT NOT NULL,                  -- 'ns/op', 'IOPS', 'B/s'
	size_bytes INTEGER,
	parameters TEXT NOT NULL,            -- JSON object: all that the cell is
	ops INTEGER,                         -- operations a slice, once calibrated
	precision REAL NOT NULL,             -- target, 0.01 = 1 %
	UNIQUE (run, label)
);

CREATE TABLE arm (
	id INTEGER PRIMARY KEY,
	cell INTEGER NOT NULL REFERENCES cell,
	platform INTEGER NOT NULL REFERENCES platform,
	role TEXT NOT NULL CHECK (role IN ('baseline', 'platform', 'aa', 'injected')),
	injected REAL NOT NULL DEFAULT 0,
	UNIQUE (cell, platform, role)
);

-- An epoch is one life of the workers; a block is one mirrored round of slices in it.
CREATE TABLE block (
	id INTEGER PRIMARY KEY,
	cell INTEGER NOT NULL REFERENCES cell,
	epoch INTEGER NOT NULL,              -- unique within the run
	sequence INTEGER NOT NULL,           -- order in time within the run
	begin_ns INTEGER NOT NULL,           -- host CLOCK_MONOTONIC
	load1 REAL,                          -- /proc/loadavg
	psi_cpu REAL,                        -- /proc/pressure/cpu some avg10, percent
	steal_ns INTEGER,                    -- of all CPUs, during the block
	cpu_khz INTEGER,                     -- of the CPU measured on, at the block's end
	disturbed TEXT NOT NULL DEFAULT ''   -- by what, beyond a bound; '': by nothing
);

CREATE TABLE sample (
	id INTEGER PRIMARY KEY,
	block INTEGER NOT NULL REFERENCES block,
	arm INTEGER NOT NULL REFERENCES arm,
	position INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN
		('ok', 'failed', 'timeout', 'unsupported', 'mismatch', 'clock', 'moved',
		'cached')),                  -- docs/method.md, "Truth checks"
	reason TEXT NOT NULL DEFAULT '',
	value REAL,                          -- in the cell's unit; NULL unless measured
	ops INTEGER, wall_ns INTEGER, cpu_ns INTEGER, checksum INTEGER,
	host_begin_ns INTEGER, host_wall_ns INTEGER,
	voluntary INTEGER, involuntary INTEGER, minor_faults INTEGER, major_faults INTEGER,
	steal_ns INTEGER, host_read_bytes INTEGER, host_write_bytes INTEGER,
	account_cpu_ns INTEGER, account_voluntary INTEGER, account_involuntary INTEGER,
	account_exits INTEGER,               -- VM exits, then those by reason
	account_io_exits INTEGER, account_mmio_exits INTEGER, account_halt_exits INTEGER,
	account_injections INTEGER,          -- interrupts given to the guest
	fio_read_ios INTEGER, fio_write_ios INTEGER,
	fio_read_bytes INTEGER, fio_write_bytes INTEGER, fio_runtime_ns INTEGER,
	lat_mean_ns INTEGER, lat_p50_ns INTEGER, lat_p90_ns INTEGER, lat_p99_ns INTEGER,
	lat_p999_ns INTEGER, lat_max_ns INTEGER,
	inner_read_bytes INTEGER, inner_write_bytes INTEGER, -- as the kernel inside counts
	CHECK ((outcome = 'ok') <= (value IS NOT NULL))
);
CREATE INDEX sample_of_arm ON sample (arm, block);
CREATE INDEX block_of_cell ON block (cell);

-- A finding that is no ratio: what was done, what was seen, whether that bears out the
-- statement that the experiment tests.
CREATE TABLE experiment (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	chapter TEXT NOT NULL,               -- 'memcg', 'start', 'density', 'neighbours'
	name TEXT NOT NULL,                  -- the claim's id where there is one
	platform TEXT NOT NULL DEFAULT '',
	condition TEXT NOT NULL DEFAULT '',  -- 'cgroup v1', 'k=4', …
	emulated INTEGER NOT NULL DEFAULT 0 CHECK (emulated IN (0, 1)),
	verdict TEXT NOT NULL CHECK (verdict IN
		('holds', 'does not hold', 'inconclusive', 'unavailable')),
	answer TEXT NOT NULL,                -- one sentence with the numbers, or the reason
	procedure TEXT NOT NULL,             -- how to do it again
	numbers TEXT NOT NULL DEFAULT '{}',  -- JSON; units are in the names
	begin_ns INTEGER NOT NULL,           -- host CLOCK_MONOTONIC
	end_ns INTEGER NOT NULL,
	UNIQUE (run, chapter, name, platform, condition)
);
-- Points of an experiment's curves, in order.
CREATE TABLE series (
	experiment INTEGER NOT NULL REFERENCES experiment,
	name TEXT NOT NULL,                  -- the curve's
	position INTEGER NOT NULL,
	x REAL NOT NULL, y REAL NOT NULL,
	low REAL, high REAL,                 -- 95 % interval of y; NULL: a single reading
	PRIMARY KEY (experiment, name, position)
) WITHOUT ROWID;
