"""Speed and memory of tinyffn as ratios against its peers, measured in one run.

python -m benchmarks                    every workload, against whichever peers are installed
python -m benchmarks scalar lm          two of them
python -m benchmarks profile lm         where the milliseconds of our own step go
"""
