namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope on this thread; what is made until it is disposed is freed with it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.Open();

    /// <summary>This thread's innermost open scope.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.Current;

    /// <summary>Runs <paramref name="expr"/> in a scope of its own; only its result survives.</summary>
    public static T WrappedTensorDisposeScope<T>(Func<T> expr) where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(expr);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }
}
