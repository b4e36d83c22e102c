#!/usr/bin/env python3
"""An estimate of how a run scales: benches/scaling.py washed/run.json [DISK_MB_PER_SECOND...]

The model, from the stage times that the run itself measured: a stage takes as long as the slowest of
  - the CPU that is shared out (all but that of the three serial threads), over the cores,
  - the busiest of the serial threads (reading, settling, writing), which pipeline with one another,
  - the bytes that the stage reads from and writes to disk, at the disk's rate.
It leaves out what it cannot know: memory bandwidth, cores that share a core's units (CPU seconds measured on such cores are too many),
more than one socket. So it is an upper bound of the speed, and an estimate.
"""
import json, sys

run = json.load(open(sys.argv[1]))
disks = [float(arg) for arg in sys.argv[2:]] or [200, 1000, 5000]
megabytes = run["input_bytes"] / 1e6
spilled = run["spilled_bytes"] / 1e6
# What each stage moves, in MB: two reads (three where the valve judges), output about as large as the input at most.
moved = {"survey": megabytes + spilled, "freezing": spilled, "judging": megabytes, "longest": megabytes, "cleaning": 2 * megabytes}

print(f"measured: {megabytes:.0f} MB, {run['threads']} threads, {run['wall_seconds']} s, {run['cpu_seconds']} s of CPU, serial share {run['serial_share']}")
print(f"{'cores':>5} {'disk MB/s':>9} {'seconds':>8} {'MB/s':>7}  what limits")
for cores in (1, 2, 4, 8, 16, 32, 64):
    for disk in disks:
        total, limits = 0.0, []
        for stage in run["stages"]:
            serial = {name: stage[f"{name}_cpu_seconds"] for name in ("reading", "settling", "writing")}
            shared = max(stage["cpu_seconds"] - sum(serial.values()), 0)
            # With few cores the serial threads take theirs of the same cores.
            candidates = {"cores": max(shared / cores, stage["cpu_seconds"] / cores), "disk": moved.get(stage["name"], 0) / disk, **serial}
            limit = max(candidates, key=candidates.get)
            total += candidates[limit]
            if candidates[limit] > 0.02:
                limits.append(f"{stage['name']}: {limit}")
        print(f"{cores:5} {disk:9.0f} {total:8.2f} {megabytes / max(total, 1e-9):7.0f}  {', '.join(limits)}")
