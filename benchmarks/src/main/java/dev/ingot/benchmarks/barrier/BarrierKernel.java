package dev.ingot.benchmarks.barrier;

/** A loop that writes, as it is and as it would be woven. The code of each barrier stands for itself, or one would pay for another's. */
enum BarrierKernel {
    FIELDS {
        private final Particle[] particles = particles();

        @Override
        void run(Barrier barrier) {
            switch (barrier) {
                case NONE -> {
                    for (Particle particle : particles) {
                        particle.x += particle.speedX * STEP;
                        particle.y += particle.speedY * STEP;
                    }
                }
                case MARK -> {
                    for (Particle particle : particles) {
                        particle.mark = 1;
                        particle.x += particle.speedX * STEP;
                        particle.mark = 1;
                        particle.y += particle.speedY * STEP;
                    }
                }
                case SNAPSHOT_INACTIVE, SNAPSHOT_ACTIVE -> {
                    for (Particle particle : particles) {
                        Barrier.beforeField(particle);
                        particle.x += particle.speedX * STEP;
                        Barrier.beforeField(particle);
                        particle.y += particle.speedY * STEP;
                    }
                }
            }
        }
    },
    FLOATS {
        private final float[] to = new float[LENGTH];
        private final float[] from = new float[LENGTH];

        @Override
        void run(Barrier barrier) {
            switch (barrier) {
                case NONE -> {
                    for (int index = 0; index < LENGTH; index++) {
                        to[index] += STEP * from[index];
                    }
                }
                case MARK -> {
                    for (int index = 0; index < LENGTH; index++) {
                        Barrier.markElement(to, index);
                        to[index] += STEP * from[index];
                    }
                }
                case SNAPSHOT_INACTIVE, SNAPSHOT_ACTIVE -> {
                    for (int index = 0; index < LENGTH; index++) {
                        Barrier.beforeElement(to, index);
                        to[index] += STEP * from[index];
                    }
                }
            }
        }
    },
    REFERENCES {
        private final Particle[] to = particles();
        private final Particle[] from = particles();

        @Override
        void run(Barrier barrier) {
            switch (barrier) {
                case NONE -> {
                    for (int index = 0; index < LENGTH; index++) {
                        to[index] = from[LENGTH - 1 - index];
                    }
                }
                case MARK -> {
                    for (int index = 0; index < LENGTH; index++) {
                        Barrier.markElement(to, index);
                        to[index] = from[LENGTH - 1 - index];
                    }
                }
                case SNAPSHOT_INACTIVE, SNAPSHOT_ACTIVE -> {
                    for (int index = 0; index < LENGTH; index++) {
                        Barrier.beforeElement(to, index);
                        to[index] = from[LENGTH - 1 - index];
                    }
                }
            }
        }
    };

    private static final int LENGTH = 10_000;
    private static final float STEP = 0.001f;

    abstract void run(Barrier barrier);

    private static Particle[] particles() {
        Particle[] particles = new Particle[LENGTH];
        for (int index = 0; index < LENGTH; index++) {
            particles[index] = new Particle();
        }
        return particles;
    }
}
