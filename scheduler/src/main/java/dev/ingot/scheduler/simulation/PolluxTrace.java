package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Reads a workload of Pollux's evaluation and what was measured of its applications.
 *
 * <p>A job runs on as many devices as its user asks for, with the batch size the user asks for; neither is tuned. It takes as many iterations
 * as were measured with that batch size until the model was good, each as long as was measured for so many devices, on as few nodes as hold
 * them; between measured sizes of local batches linearly, at the nearest measured number of devices. A local batch that is larger than any
 * that was measured is accumulated of several.
 */
public final class PolluxTrace {
    private static final int NODE_DEVICES = 4;
    private static final double MILLIS = 1000;

    private PolluxTrace() {}

    /** How applications stand to each other. */
    public enum Standing {
        /** All are of one tenant and tier. */
        ALIKE,
        /** Each is a tenant, all in one tier. */
        TENANTS,
        /** By how long they are known to take: minutes Premium, an hour or so Standard, longer ones Basic. */
        TIERS
    }

    /**
     * Reads a workload.
     *
     * @param applications a directory of what was measured
     * @throws IOException if a file cannot be read or is not of this form; the message names the line
     */
    public static Trace read(Path workload, Path applications, Standing standing, int machines) throws IOException {
        Map<String, Application> known = new HashMap<>();
        List<Trace.Job> jobs = new ArrayList<>();
        for (String[] row : CsvTable.rows(workload, "name,time,application,num_replicas,batch_size")) {
            Application application = known.get(row[2]);
            if (application == null) {
                application = Application.read(applications.resolve(row[2]));
                known.put(row[2], application);
            }
            int replicas = Integer.parseInt(row[3]);
            jobs.add(new Trace.Job(
                    row[0],
                    standing == Standing.TENANTS ? row[2] : "default",
                    standing == Standing.TIERS ? tier(row[2]) : Tier.STANDARD,
                    new Resources(1, 1, Resources.WHOLE_DEVICE),
                    replicas,
                    (long) (Double.parseDouble(row[1]) * MILLIS),
                    (long) (application.seconds(replicas, Integer.parseInt(row[4])) * MILLIS)));
        }
        return new Trace(Trace.alike(machines, NODE_DEVICES), jobs);
    }

    private static Tier tier(String application) {
        return switch (application) {
            case "ncf", "cifar10" -> Tier.PREMIUM;
            case "imagenet" -> Tier.BASIC;
            default -> Tier.STANDARD;
        };
    }

    /** A measured step: of the whole of it, {@code sync} is for exchanging gradients, which is done once for several accumulated. */
    private record Step(int nodes, int replicas, double batch, double seconds, double sync) {}

    private record Application(Path directory, List<Step> steps) {
        static Application read(Path directory) throws IOException {
            List<Step> steps = new ArrayList<>();
            for (String[] row :
                    CsvTable.rows(directory.resolve("placements.csv"), "placement,local_bsz,step_time,sync_time")) {
                int replicas = row[0].chars().map(digit -> digit - '0').sum();
                steps.add(step(row[0].length(), replicas, row, 1));
            }
            for (String[] row : CsvTable.rows(
                    directory.resolve("scalability.csv"), "num_nodes,num_replicas,local_bsz,step_time,sync_time")) {
                steps.add(step(Integer.parseInt(row[0]), Integer.parseInt(row[1]), row, 2));
            }
            return new Application(directory, steps);
        }

        private static Step step(int nodes, int replicas, String[] row, int batch) {
            return new Step(
                    nodes,
                    replicas,
                    Double.parseDouble(row[batch]),
                    Double.parseDouble(row[batch + 1]),
                    Double.parseDouble(row[batch + 2]));
        }

        double seconds(int replicas, int batch) throws IOException {
            List<String[]> validation = CsvTable.rows(
                    directory.resolve("validation-" + batch + ".csv"), "progress,iteration,metric,grad_sqr,grad_var");
            double iterations = Double.parseDouble(validation.get(validation.size() - 1)[1]);
            int nodes = (replicas + NODE_DEVICES - 1) / NODE_DEVICES;
            List<Step> alike = nearest(nodes, replicas);
            double most = alike.stream().mapToDouble(Step::batch).max().orElse(1);
            double local = Math.ceil((double) batch / replicas);
            double parts = Math.ceil(local / most);
            double seconds = at(alike, local / parts, Step::seconds);
            double accumulated = (parts - 1) * (seconds - at(alike, local / parts, Step::sync));
            return iterations * (seconds + accumulated);
        }

        /** Measured with the number of devices that is nearest, on the number of nodes that is nearest. */
        private List<Step> nearest(int nodes, int replicas) {
            Step best = steps.get(0);
            for (Step step : steps) {
                int distance = Math.abs(step.replicas - replicas) * NODE_DEVICES + Math.abs(step.nodes - nodes);
                int least = Math.abs(best.replicas - replicas) * NODE_DEVICES + Math.abs(best.nodes - nodes);
                best = distance < least ? step : best;
            }
            Step chosen = best;
            return steps.stream()
                    .filter(step -> step.nodes == chosen.nodes && step.replicas == chosen.replicas)
                    .toList();
        }

        private static double at(List<Step> alike, double batch, ToDoubleFunction<Step> what) {
            Step below = null;
            Step above = null;
            for (Step step : alike) {
                if (step.batch <= batch && (below == null || step.batch > below.batch)) {
                    below = step;
                }
                if (step.batch >= batch && (above == null || step.batch < above.batch)) {
                    above = step;
                }
            }
            if (below == null || above == null || below.batch == above.batch) {
                return what.applyAsDouble(below == null ? java.util.Objects.requireNonNull(above) : below);
            }
            double part = (batch - below.batch) / (above.batch - below.batch);
            return what.applyAsDouble(below) * (1 - part) + what.applyAsDouble(above) * part;
        }
    }
}
