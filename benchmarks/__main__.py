"""The command line: `python -m benchmarks --help`."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import harness, report
from benchmarks.workloads import OURS, PEERS, WORKLOADS, builder, installed


def main(arguments):
    if arguments[:1] == ["profile"]:
        from benchmarks import profile

        return profile.main(arguments[1:])
    options = _parse(arguments)
    harness.limit_threads(options.threads)
    about = report.conditions(options.threads, harness.cores_for(options.threads))
    print(report.headline(about), flush=True)
    print(f"{options.rounds} rounds, each peer in turn for {options.seconds} s a round\n")
    results = []
    for workload in options.workloads or WORKLOADS:
        peers = [p for p in options.peers if installed(p) and builder(workload, p)]
        result = harness.run(workload, peers, options.rounds, options.seconds, options.threads)
        results.append(result)
        print(report.table(result), flush=True)
        _write(options.json, {**about, "results": results})
    print(report.versions(results))
    agree = all(r.get("agrees", True) for result in results for r in result["peers"])
    return 0 if agree else 1


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="name", help=", ".join(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="per peer and round")
    parser.add_argument("--threads", type=int, default=1, help="threads and cores for each peer")
    parser.add_argument("--peers", default="; ".join(PEERS), help="separated by semicolons")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers here too")
    options = parser.parse_args(arguments)
    options.peers = [peer.strip() for peer in options.peers.split(";")]
    unknown = {*options.workloads} - {*WORKLOADS} | {*options.peers} - {*PEERS}
    if unknown:
        parser.error(f"not known: {', '.join(sorted(unknown))}")
    if OURS in options.peers:  # ours goes first: the others are compared with it
        options.peers.sort(key=lambda peer: peer != OURS)
    return options


def _write(path, results):
    if path:
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
