package dev.ingot.samples.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the loss fell, and on which device, as a picture. Used by one thread. */
final class LossCurve {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 240;
    private static final int MARGIN = 30;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b");

    private final List<Point> points = new ArrayList<>();

    private record Point(double loss, String device) {}

    void add(double loss, String device) {
        points.add(new Point(loss, device));
    }

    /** Writes the picture as SVG; a colour for each device. */
    void write(Path file) throws IOException {
        StringBuilder svg = new StringBuilder(String.format(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>%n",
                WIDTH, HEIGHT));
        Map<String, String> colours = new LinkedHashMap<>();
        double highest = points.stream().mapToDouble(Point::loss).max().orElse(1);
        for (int i = 1; i < points.size(); i++) {
            String device = points.get(i).device;
            String colour = colours.computeIfAbsent(device, unseen -> COLOURS.get(colours.size() % COLOURS.size()));
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s' stroke-width='2'/>%n",
                    x(i - 1),
                    y(i - 1, highest),
                    x(i),
                    y(i, highest),
                    colour));
        }
        int line = 0;
        for (Map.Entry<String, String> device : colours.entrySet()) {
            line++;
            svg.append(String.format(
                    "<text x='%d' y='%d' fill='%s'>%s</text>%n",
                    WIDTH - 4 * MARGIN, MARGIN + 16 * line, device.getValue(), device.getKey()));
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private double x(int index) {
        return MARGIN + (WIDTH - 2.0 * MARGIN) * index / Math.max(1, points.size() - 1);
    }

    private double y(int index, double highest) {
        return MARGIN + (HEIGHT - 2.0 * MARGIN) * (1 - points.get(index).loss / highest);
    }
}
