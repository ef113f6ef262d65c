using System.Security.Cryptography;

using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        /// <summary>A generator seeded with <paramref name="seed"/>, on the CPU unless told otherwise.</summary>
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Native.Check(Native.wb_generator_new((int)this.device.type, this.device.index, (long)seed, out _handle));
        }

        private Generator(nint handle, Device device)
        {
            _handle = handle;
            this.device = device;
        }

        /// <summary>The native at::Generator*.</summary>
        public IntPtr Handle => _handle;

        public Device device { get; private set; }

        /// <summary>The one that draws where no generator is given.</summary>
        public static Generator Default => DefaultOf(CPU);

        /// <summary>The state as bytes; <see cref="set_state"/> takes it back.</summary>
        public Tensor get_state() => Tensor.Take(Native.wb_generator_get_state(_handle, out var state), state);

        public void set_state(Tensor value) => Native.Check(Native.wb_generator_set_state(_handle, value.handle));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.wb_generator_manual_seed(_handle, seed));
            return this;
        }

        /// <summary>Seeds with a number nobody can foretell, and says which.</summary>
        public long seed()
        {
            var seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
            manual_seed(seed);
            return seed;
        }

        public long initial_seed()
        {
            Native.Check(Native.wb_generator_initial_seed(_handle, out var seed));
            return seed;
        }

        internal static nint HandleOf(Generator? generator) => generator?._handle ?? 0;

        internal static Generator DefaultOf(Device device)
        {
            Native.Check(Native.wb_generator_default((int)device.type, device.index, out var handle));
            return new Generator(handle, device);
        }

        ~Generator() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
            {
                Native.wb_generator_free(handle);
            }
        }
    }

    /// <summary>Seeds the generators of every device; returns the CPU's.</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    /// <summary>The state of the CPU's default generator.</summary>
    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static class random
    {
        public static long seed()
        {
            using var generator = Generator.Default;
            var seed = generator.seed();
            manual_seed(seed).Dispose();
            return seed;
        }

        public static Generator manual_seed(long seed)
        {
            Native.Check(Native.wb_manual_seed(seed));
            return Generator.Default;
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
