#!/usr/bin/env python3
"""Draws the curves of a training report as SVG, and prints its tables as Markdown (standard library only).

    curve.py REPORT.json OUT.svg     a curve a set: main text lost for good against furniture removed, on sites that the weights had no part in
"""
import json, sys

WIDTH, HEIGHT, LEFT, BOTTOM = 720, 430, 60, 46
COLOURS = "#1f77b4 #d62728 #7f7f7f #2ca02c #9467bd #ff7f0e #8c564b #e377c2 #17becf".split()
MOST = 0.006


def place(x, y):
    return LEFT + (WIDTH - LEFT - 130) * min(x, MOST) / MOST, 14 + (HEIGHT - BOTTOM - 14) * (1 - y)


def svg(report):
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for i in range(6):
        (x, _), (_, y) = place(MOST * i / 5, 0), place(0, i / 5)
        out.append(f'<path d="M{x:.1f} 14V{HEIGHT - BOTTOM}M{LEFT} {y:.1f}H{WIDTH - 130}" stroke="#ddd" fill="none"/>')
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{100 * MOST * i / 5:.2f} %</text>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{20 * i} %</text>')
    out.append(f'<text x="{(WIDTH - 130 + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">main text removed (mean over sites)</text>')
    out.append(f'<text transform="translate(14 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">furniture removed</text>')
    sets = [s for s in report["sets"] if s["fitted"]["furniture"] > 0]
    for n, (s, colour) in enumerate(zip(sets, COLOURS)):
        points = [(place(p["figures"]["removed"], p["figures"]["furniture"]), p["margin"]) for p in s["curve"] if p["figures"]["removed"] <= MOST]
        if points:
            out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for (x, y), _ in points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for (x, y), margin in points if margin in report["strengths"]]
        out.append(f'<text x="{WIDTH - 120}" y="{30 + 18 * n}" fill="{colour}">{s["set"]["name"]}</text>')
    out.append(f'<text x="{WIDTH - 120}" y="{30 + 18 * len(sets)}">● strengths</text></svg>')
    return "\n".join(out) + "\n"


def tables(report):
    normal = report["strengths"][1]
    print("| set | sites | pages | main removed | lost for good | furniture removed | reachable lines | price | price by what is lost | fitted: price | without the set: price |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for s in report["sets"]:
        f = next(p["figures"] for p in s["curve"] if p["margin"] == normal)
        if not s["fitted"]["furniture"]:
            print(f'| {s["set"]["name"]} | {s["set"]["sites"]} | {s["set"]["pages"]} | {f["removed"]:.4f} | {f["lost"]:.4f} | – | – | – | – | – | – |')
            continue
        without = f'{s["without_it"]["price"]:.3f}' if s["without_it"] else "–"
        print(f'| {s["set"]["name"]} | {s["set"]["sites"]} | {s["set"]["pages"]} | {f["removed"]:.4f} | {f["lost"]:.4f} | {f["furniture"]:.3f} | {f["reach"]:.3f} | {f["price"]:.3f} | {f["price_lost"]:.3f} | {s["fitted"]["price"]:.3f} | {without} |')
    print("\n| strength | margin |" + "".join(f' {s["set"]["name"]} |' for s in report["sets"]))
    print("|---|---|" + "---|" * len(report["sets"]))
    for name, margin in zip(("gentle", "normal", "strong"), report["strengths"]):
        row = [next(p["figures"] for p in s["curve"] if p["margin"] == margin) for s in report["sets"]]
        print(f"| {name} | {margin} |" + "".join(f' {f["removed"]:.4f} / {f["furniture"]:.3f} |' for f in row))
    print("\n| weighed together | nats (root mean square) |\n|---|---|")
    for name, nats in report["importance"]:
        print(f"| {name} | {nats:.2f} |")
    lengths, langs = {}, {}
    for into, key in ((lengths, "lengths"), (langs, "langs")):
        for s in report["sets"]:
            for name, sums in s[key].items():
                for k, v in sums.items():
                    into.setdefault(name, {}).setdefault(k, 0)
                    into[name][k] += v
    for title, by in (("characters of the line", lengths), ("language", langs)):
        print(f"\n| {title} | main characters | removed | lost | furniture characters | removed |\n|---|---|---|---|---|---|")
        order = sorted(by.items(), key=(lambda x: int(x[0].split("-")[0])) if by is lengths else (lambda x: -x[1]["main"]))
        for name, s in order[:14]:
            print(f'| {name or "not known"} | {s["main"]} | {s["removed"] / max(1, s["main"]):.4f} | {s["lost"] / max(1, s["main"]):.4f} | {s["furniture"]} | {1 - s["left"] / max(1, s["furniture"]):.3f} |')


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as f:
        report = json.load(f)
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write(svg(report))
    tables(report)
