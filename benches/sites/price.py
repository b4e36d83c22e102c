#!/usr/bin/env python3
"""What washed labelled corpora cost: (main characters removed * 20 + furniture characters left) / furniture characters; removing nothing is 1.

    price.py SCORES.json…     a file an output: {"sites": {SITE: {"mc","mc_kept","lost","fc","fc_gone"}}}, characters of main text (all, kept, lost for good)
                              and of furniture (all, gone), as a scorer of make_sites.py's truth.jsonl counts them

A row an output: price of all sites together and its mean over sites (none counted as more than 2), the same for main text of which no equal line is left, main
removed, lost, furniture removed by characters.
"""
import json, sys

for path in sys.argv[1:] or sys.exit(__doc__):
    with open(path, encoding="utf-8") as f:
        sites = list(json.load(f)["sites"].values())
    total = {k: sum(s[k] for s in sites) for k in ("mc", "mc_kept", "lost", "fc", "fc_gone")}
    main = {"removed": lambda s: s["mc"] - s["mc_kept"], "lost": lambda s: s["lost"]}
    price = lambda s, what: (20 * main[what](s) + s["fc"] - s["fc_gone"]) / max(1, s["fc"])
    mean = lambda what: sum(min(2, price(s, what)) for s in sites) / len(sites)
    print(f"{path.split('/')[-1]:24} price {price(total, 'removed'):7.3f} by site {mean('removed'):.3f}  of what is lost {price(total, 'lost'):6.3f} by site {mean('lost'):.3f}"
          f"  main removed {main['removed'](total) / total['mc']:.4f} lost {total['lost'] / total['mc']:.4f}  furniture removed {total['fc_gone'] / max(1, total['fc']):.3f}")
