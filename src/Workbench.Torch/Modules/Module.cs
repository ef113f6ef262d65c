using System.Reflection;

using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// What every layer and model derives from. Fields that hold a <see cref="Modules.Parameter"/>, a tensor (a buffer)
        /// or a module become part of it when the constructor calls <see cref="RegisterComponents"/>; their names are the
        /// fields' names, or those of a <see cref="ComponentNameAttribute"/>.
        /// </summary>
        public partial class Module : IDisposable
        {
            protected string? name;

            private readonly OrderedDictionary<string, Module> _modules = new();
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = new();
            private readonly OrderedDictionary<string, Parameter> _parameters = new();
            private bool _componentsRegistered;
            private bool _disposed;

            protected Module(string name) => this.name = name;

            /// <summary>Whether the module is to behave as in training (dropout and the like).</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name ?? GetType().Name;

            /// <summary>Switches this module and those within between training and evaluation.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children())
                {
                    child.train(train);
                }
            }

            public virtual void eval() => train(false);

            /// <summary>Takes away the gradients of all parameters, or sets them to 0.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        using var grad = parameter.grad;
                        grad?.zero_();
                    }
                }
            }

            /// <summary>Calls <paramref name="fn"/> on every module within, then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in children())
                {
                    child.apply(fn);
                }

                fn(this);
                return this;
            }

            /// <summary>Makes the fields of this object parts of the module; to be called at the end of a constructor.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                {
                    return;
                }

                foreach (var field in Fields())
                {
                    var component = ComponentNameOf(field);
                    if (_modules.ContainsKey(component) || _parameters.ContainsKey(component) || _buffers.ContainsKey(component))
                    {
                        continue;
                    }

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }

                _componentsRegistered = true;
            }

            /// <summary>Adds a parameter.</summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_parameters.TryAdd(name, (Parameter)param.DetachFromDisposeScope()))
                {
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                }
            }

            /// <summary>Adds a tensor that belongs to the module's state but does not learn.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_buffers.TryAdd(name, (tensor.DetachFromDisposeScope(), persistent)))
                {
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                }
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Adds a module within this one.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"a module's name is neither empty nor holds a dot, unlike \"{name}\"",
                        nameof(name));
                }

                submodule.RegisterComponents();
                if (!_modules.TryAdd(name, submodule))
                {
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                }
            }

            /// <summary>Puts a parameter in its place, or takes it away.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                {
                    _parameters.Remove(name);
                }
                else
                {
                    _parameters[name] = value;
                }
            }

            protected void ClearModules() => _modules.Clear();

            ~Module() => Dispose(false);

            /// <summary>Frees parameters and buffers, of the modules within too.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                // Tensors reached by the finalizer have handles with finalizers of their own.
                if (!disposing || _disposed)
                {
                    return;
                }

                _disposed = true;
                foreach (var (_, (tensor, _)) in _buffers)
                {
                    tensor.Dispose();
                }

                foreach (var (_, parameter) in _parameters)
                {
                    parameter.Dispose();
                }

                foreach (var (_, module) in _modules)
                {
                    module.Dispose();
                }
            }

            private IEnumerable<FieldInfo> Fields()
            {
                const BindingFlags all =
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(all))
                    {
                        yield return field;
                    }
                }
            }

            private static string ComponentNameOf(FieldInfo field) =>
                field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
        }
    }
}
