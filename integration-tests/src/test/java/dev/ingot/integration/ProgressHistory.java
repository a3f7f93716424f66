package dev.ingot.integration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the outside world saw of a workload, to be checked once all is over.
 *
 * @param entries in the order in which they were made
 */
record ProgressHistory(List<Entry> entries) {
    /**
     * Something that could be seen.
     *
     * @param process that did a step; 0 where the pool said instead that an image covers the step
     */
    record Entry(long process, int step) {}

    static ProgressHistory parse(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            entries.add(
                    new Entry(Long.parseLong(line.substring(0, space)), Integer.parseInt(line.substring(space + 1))));
        }
        return new ProgressHistory(entries);
    }

    /** What should not have been seen; nothing if all is well. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        Set<Long> over = new HashSet<>();
        long process = 0;
        int last = 0;
        int covered = 0;
        for (Entry entry : entries) {
            if (entry.process() == 0) {
                covered = Math.max(covered, entry.step());
                continue;
            }
            if (entry.process() != process) {
                over.add(process);
                if (over.contains(entry.process())) {
                    violations.add("process " + entry.process() + " does step " + entry.step() + " when " + process
                            + " has gone on from it");
                }
                if (entry.step() <= covered) {
                    violations.add("process " + entry.process() + " does step " + entry.step()
                            + " again, which an image covers up to " + covered);
                } else if (entry.step() > last + 1) {
                    violations.add("process " + entry.process() + " begins with step " + entry.step()
                            + ", the last was " + last);
                }
            } else if (entry.step() != last + 1) {
                violations.add("process " + process + " does step " + entry.step() + " after " + last);
            }
            process = entry.process();
            last = entry.step();
        }
        return violations;
    }

    /** The newest step; 0 if there was none. */
    int lastStep() {
        int last = 0;
        for (Entry entry : entries) {
            last = entry.process() == 0 ? last : entry.step();
        }
        return last;
    }
}
