package dev.ingot.scheduler.spec;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.Quantity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Accelerators as people write them. All refuse what they do not understand by IllegalArgumentException. */
public final class AcceleratorText {
    private static final int MOST_ALTERNATIVES = 8;
    private static final int MOST_OF_NODE = 10_000;
    private static final Pattern ALTERNATIVE = Pattern.compile("([A-Za-z_-]+)\\s*:\\s*([^@\\s]+)(?:\\s*@\\s*(\\S+))?");
    private static final Pattern OF_NODE = Pattern.compile("([A-Za-z_-]+):([0-9]{1,5})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    private AcceleratorText() {}

    /** An alternative, but for what the workload needs beside its accelerators. */
    record Choice(AcceleratorKind kind, long milli, int speed) {
        Alternative with(long milliCores, long memoryMiB) {
            Resources needs = kind == AcceleratorKind.CPU
                    ? new Resources(milli, memoryMiB, 0)
                    : new Resources(milliCores, memoryMiB, milli, kind);
            return new Alternative(kind, needs, speed);
        }
    }

    /** Reads alternatives, the fastest first, such as {@code gpu:1 | fpga:1@0.5 | cpu:8@0.1}. */
    static List<Choice> alternatives(String text) {
        List<Choice> choices = new ArrayList<>();
        for (String part : text.split("\\|", -1)) {
            Choice choice = alternative(part.strip());
            if (choices.isEmpty() && choice.speed < Alternative.FULL_SPEED) {
                throw new IllegalArgumentException(
                        "'" + part.strip() + "' is the fastest, and speeds are relative to that; leave its speed out");
            } else if (!choices.isEmpty() && choices.get(choices.size() - 1).speed < choice.speed) {
                throw new IllegalArgumentException(
                        "'" + part.strip() + "' is faster than what is in front of it; name the fastest first");
            }
            choices.add(choice);
        }
        if (choices.size() > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException(
                    choices.size() + " alternatives, at most " + MOST_ALTERNATIVES + " are possible");
        }
        return List.copyOf(choices);
    }

    private static Choice alternative(String text) {
        Matcher form = ALTERNATIVE.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no alternative; write a kind, how much of it and its speed beside that of the first, such as"
                    + " gpu:1 or cpu:8@0.1");
        }
        AcceleratorKind kind = kind(form.group(1), true);
        long milli = kind == AcceleratorKind.CPU ? Quantity.cores(form.group(2)) : Quantity.devices(form.group(2));
        if (milli == 0) {
            throw new IllegalArgumentException("'" + text + "' is an alternative with nothing");
        }
        if (kind != AcceleratorKind.CPU) {
            requireWhole(milli);
        }
        return new Choice(kind, milli, form.group(3) == null ? Alternative.FULL_SPEED : Quantity.speed(form.group(3)));
    }

    /** Refuses what is neither a part of one device nor a number of whole ones. */
    static long requireWhole(long milliDevices) {
        if (milliDevices > Resources.WHOLE_DEVICE && milliDevices % Resources.WHOLE_DEVICE != 0) {
            throw new IllegalArgumentException("'" + Resources.thousandths(milliDevices)
                    + "' is neither a part of one device nor a whole number of devices");
        }
        return milliDevices;
    }

    /** Reads what a node has, as a number, or by kind such as {@code gpu:4,fpga:1}. */
    public static NodeDevices ofNode(String text) {
        Map<AcceleratorKind, Integer> counts = new EnumMap<>(AcceleratorKind.class);
        if (NUMBER.matcher(text).matches()) {
            counts.put(AcceleratorKind.ANY, count(text));
            return new NodeDevices(counts);
        }
        for (String part : text.split(",", -1)) {
            Matcher form = OF_NODE.matcher(part.strip());
            if (!form.matches()) {
                throw new IllegalArgumentException("'" + part
                        + "' is no number of accelerators; write a whole number, or kinds such as gpu:4,fpga:1");
            }
            if (counts.put(kind(form.group(1), false), count(form.group(2))) != null) {
                throw new IllegalArgumentException("'" + form.group(1) + "' appears twice");
            }
        }
        return new NodeDevices(counts);
    }

    private static int count(String text) {
        int count = Integer.parseInt(text);
        if (count > MOST_OF_NODE) {
            throw new IllegalArgumentException(
                    "a node cannot have " + count + " accelerators, at most " + MOST_OF_NODE);
        }
        return count;
    }

    /** @param orCores whether cores may stand for accelerators */
    private static AcceleratorKind kind(String text, boolean orCores) {
        Set<String> known = new LinkedHashSet<>();
        for (AcceleratorKind kind : AcceleratorKind.values()) {
            if (kind != AcceleratorKind.ANY && (orCores || kind != AcceleratorKind.CPU)) {
                known.add(kind.text());
                if (kind.text().equals(text)) {
                    return kind;
                }
            }
        }
        throw new IllegalArgumentException(
                "there are no accelerators '" + text + "'" + Suggestion.instead(text, known));
    }
}
