package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What was used of a cluster over time, by tier, as an SVG picture: one panel for each run, one below the other. */
public final class UsageChart {
    private static final int WIDTH = 1000;
    private static final int PANEL = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final int TICKS = 4;
    private static final double THOUSAND = 1000;
    private static final double MINUTE = 60_000;
    private static final double HOUR = 60 * MINUTE;
    private static final List<Tier> FROM_BELOW = List.of(Tier.BASIC, Tier.STANDARD, Tier.PREMIUM);

    private final StringBuilder svg = new StringBuilder();
    private final List<String> titles = new ArrayList<>();
    private final List<List<Usage>> runs = new ArrayList<>();

    /** Adds a run. */
    public void add(String title, List<Usage> samples) {
        titles.add(title);
        runs.add(List.copyOf(samples));
    }

    /**
     * Which share of the capacity was in use, on the average, while the first {@code millis} passed.
     *
     * @param samples equally far apart
     */
    public static double meanUse(List<Usage> samples, long millis, ToDoubleFunction<Resources> amount) {
        double used = 0;
        double capacity = 0;
        for (Usage sample : samples) {
            if (sample.atMillis() <= millis) {
                used += sample.used().values().stream().mapToDouble(amount).sum();
                capacity += amount.applyAsDouble(sample.capacity());
            }
        }
        return capacity == 0 ? 0 : used / capacity;
    }

    /** Devices where there are some, else cores. */
    public static ToDoubleFunction<Resources> amountOf(List<Usage> samples) {
        boolean devices = samples.stream().anyMatch(sample -> sample.capacity().milliDevices() > 0);
        return devices
                ? resources -> resources.milliDevices() / THOUSAND
                : resources -> resources.milliCores() / THOUSAND;
    }

    /** The picture. */
    public String draw() {
        int height = runs.size() * PANEL + BOTTOM;
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                WIDTH, height);
        long end = runs.stream()
                .flatMap(List::stream)
                .mapToLong(Usage::atMillis)
                .max()
                .orElse(1);
        for (int i = 0; i < runs.size(); i++) {
            panel(titles.get(i), runs.get(i), i * PANEL, Math.max(1, end));
        }
        legend(height - 12);
        return svg.append("</svg>\n").toString();
    }

    private void append(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    private void panel(String title, List<Usage> samples, int top, long end) {
        ToDoubleFunction<Resources> amount = amountOf(samples);
        boolean devices = samples.stream().anyMatch(sample -> sample.capacity().milliDevices() > 0);
        double most = Math.max(
                1,
                samples.stream()
                        .mapToDouble(sample -> amount.applyAsDouble(sample.capacity()))
                        .max()
                        .orElse(1));
        append("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", LEFT, top + 22, escaped(title));
        int below = top + PANEL - BOTTOM;
        double perUnit = (PANEL - TOP - BOTTOM) / (most * 1.05);
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = most * tick / TICKS;
            double y = below - value * perUnit;
            append("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH - RIGHT);
            append("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.0f</text>%n", LEFT - 8, y + 4, value);
            double at = (double) end * tick / TICKS;
            append(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>%n",
                    x((long) at, end), below + 18, time(at, end));
        }
        append(
                "<text x=\"%d\" y=\"%d\" fill=\"#555\">%s</text>%n",
                LEFT - 50, top + TOP - 4, devices ? "devices" : "cores");
        double[] lower = new double[samples.size()];
        for (Tier tier : FROM_BELOW) {
            area(samples, tier, amount, lower, below, perUnit, end);
        }
        StringBuilder capacity = new StringBuilder();
        for (Usage sample : samples) {
            capacity.append(capacity.length() == 0 ? "M" : "L")
                    .append(point(
                            x(sample.atMillis(), end), below - amount.applyAsDouble(sample.capacity()) * perUnit));
        }
        append("<path d=\"%s\" fill=\"none\" stroke=\"#111\" stroke-width=\"1.5\"/>%n", capacity);
    }

    /** In hours, unless there are few of them. */
    private static String time(double at, long end) {
        return end < 2 * TICKS * HOUR
                ? String.format(Locale.ROOT, "%.0f min", at / MINUTE)
                : String.format(Locale.ROOT, "%.0f h", at / HOUR);
    }

    private void area(
            List<Usage> samples,
            Tier tier,
            ToDoubleFunction<Resources> amount,
            double[] lower,
            int below,
            double perUnit,
            long end) {
        StringBuilder back = new StringBuilder();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < samples.size(); i++) {
            double x = x(samples.get(i).atMillis(), end);
            back.insert(0, "L" + point(x, below - lower[i] * perUnit));
            lower[i] += amount.applyAsDouble(samples.get(i).used().getOrDefault(tier, Resources.NONE));
            path.append(i == 0 ? "M" : "L").append(point(x, below - lower[i] * perUnit));
        }
        append("<path d=\"%s%sZ\" fill=\"%s\"/>%n", path, back, color(tier));
    }

    private static String color(Tier tier) {
        return switch (tier) {
            case PREMIUM -> "#7a3fe0";
            case STANDARD -> "#1283c9";
            case BASIC -> "#6fa85a";
        };
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f %.1f", x, y);
    }

    private static double x(long at, long end) {
        return LEFT + (double) at / end * (WIDTH - LEFT - RIGHT);
    }

    private void legend(int y) {
        int x = LEFT;
        for (Tier tier : Tier.values()) {
            append(
                    "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
                    x, y - 11, color(tier), x + 18, y, tier.name().toLowerCase(Locale.ROOT));
            x += 110;
        }
        append(
                "<path d=\"M%d %dh24\" stroke=\"#111\" stroke-width=\"1.5\"/><text x=\"%d\" y=\"%d\">capacity</text>%n",
                x, y - 5, x + 30, y);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
