package dev.ingot.benchmarks.barrier;

/** A loop that writes, as it is and as it would be woven. The code of each barrier stands for itself, or one would pay for another's. */
enum BarrierKernel {
    FIELDS {
        @Override
        void run(Barrier barrier, KernelData data) {
            Particle[] particles = data.particles;
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
        @Override
        void run(Barrier barrier, KernelData data) {
            float[] to = data.floats;
            float[] from = data.otherFloats;
            switch (barrier) {
                case NONE -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        to[index] += STEP * from[index];
                    }
                }
                case MARK -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        Barrier.markElement(to, index);
                        to[index] += STEP * from[index];
                    }
                }
                case SNAPSHOT_INACTIVE, SNAPSHOT_ACTIVE -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        Barrier.beforeElement(to, index);
                        to[index] += STEP * from[index];
                    }
                }
            }
        }
    },
    REFERENCES {
        @Override
        void run(Barrier barrier, KernelData data) {
            Particle[] to = data.particles;
            Particle[] from = data.otherParticles;
            switch (barrier) {
                case NONE -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        to[index] = from[KernelData.LENGTH - 1 - index];
                    }
                }
                case MARK -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        Barrier.markElement(to, index);
                        to[index] = from[KernelData.LENGTH - 1 - index];
                    }
                }
                case SNAPSHOT_INACTIVE, SNAPSHOT_ACTIVE -> {
                    for (int index = 0; index < KernelData.LENGTH; index++) {
                        Barrier.beforeElement(to, index);
                        to[index] = from[KernelData.LENGTH - 1 - index];
                    }
                }
            }
        }
    };

    private static final float STEP = 0.001f;

    abstract void run(Barrier barrier, KernelData data);
}
