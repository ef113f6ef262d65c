using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How many threads one operation may use; libtorch itself starts with 1 where OpenMP says so.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.wb_set_num_threads(num));

    public static int get_num_threads()
    {
        Native.Check(Native.wb_get_num_threads(out var threads));
        return threads;
    }

    /// <summary>The version of the libtorch that the native library was built against.</summary>
    public static string __version__ => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Native.wb_torch_version())!;

    /// <summary>Makes a device ready; a device that is not there throws.</summary>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.CUDA && !cuda.is_available())
        {
            empty([1], device: CUDA).Dispose();
        }
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count()
        {
            Native.Check(Native.wb_cuda_device_count(out var count));
            return count;
        }

        /// <summary>Seeds the current device; nothing where there is none.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available())
            {
                using var generator = Generator.DefaultOf(CUDA);
                generator.manual_seed(seed);
            }
        }

        /// <summary>Seeds every device; nothing where there is none.</summary>
        public static void manual_seed_all(long seed)
        {
            for (var i = 0; i < device_count(); i++)
            {
                using var generator = Generator.DefaultOf(new Device(i));
                generator.manual_seed(seed);
            }
        }

        /// <summary>Waits until the device has done everything asked of it.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.wb_cuda_synchronize(device?.index ?? -1));
    }
}
