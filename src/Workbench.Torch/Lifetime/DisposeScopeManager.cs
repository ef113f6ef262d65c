namespace TorchSharp;

/// <summary>The open dispose scopes of one thread. Do not await between opening one and its end: the thread may change.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? t_instance;

    internal static DisposeScopeManager ThreadSingleton => t_instance ??= new DisposeScopeManager();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope? Register(IDisposable disposable)
    {
        Current?.Add(disposable);
        return Current;
    }

    internal DisposeScope Open() => Current = new DisposeScope(this);

    internal void Leave(DisposeScope scope)
    {
        for (var open = Current; open is not null; open = open.Outer)
        {
            if (ReferenceEquals(open, scope))
            {
                Current = scope.Outer;
                return;
            }
        }
    }
}
