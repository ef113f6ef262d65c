using System.Reflection;
using System.Runtime.InteropServices;

using Workbench.Torch.Kernels;

namespace Workbench.Torch.Interop;

/// <summary>
/// Finds libworkbench_torch: where <c>WORKBENCH_TORCH_LIBRARY</c> points, or beside this assembly, where the build and
/// publish put it.
/// </summary>
internal static class Library
{
    public const string Name = "workbench_torch";
    public const string PathVariable = "WORKBENCH_TORCH_LIBRARY";

    private static readonly Lock Gate = new();
    private static bool s_registered;
    private static nint s_library;

    /// <summary>Called by every type that declares imports, before its first call.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!s_registered)
            {
                NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
                s_registered = true;
            }
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name)
        {
            return 0;
        }

        lock (Gate)
        {
            return s_library != 0 ? s_library : s_library = Open(ChosenPath());
        }
    }

    /// <summary>Loads the library at a path.</summary>
    /// <exception cref="TorchLibraryException">it is not there, or what it needs is not</exception>
    internal static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException reason)
        {
            throw new TorchLibraryException(path, reason);
        }
    }

    private static string ChosenPath() =>
        Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } chosen ? chosen
            : Path.Combine(AppContext.BaseDirectory, FileName);

    private static string FileName =>
        OperatingSystem.IsWindows() ? $"{Name}.dll" : OperatingSystem.IsMacOS() ? $"lib{Name}.dylib" : $"lib{Name}.so";
}
