using System.Collections;

using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by number, as the layers of a model.</summary>
        public class ModuleList<T> : torch.nn.Module, IList<T> where T : torch.nn.Module
        {
            private readonly List<T> _list = [];

            public ModuleList(params T[] modules) : base(nameof(ModuleList<>))
            {
                foreach (var module in modules)
                {
                    Add(module);
                }
            }

            public int Count => _list.Count;

            public bool IsReadOnly => false;

            public T this[int index]
            {
                get => _list[index];
                set
                {
                    _list[index] = value;
                    Renumber();
                }
            }

            public void append(T module) => Add(module);

            public void Add(T item)
            {
                register_module(_list.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), item);
                _list.Add(item);
            }

            public void Insert(int index, T item)
            {
                _list.Insert(index, item);
                Renumber();
            }

            public bool Remove(T item)
            {
                var removed = _list.Remove(item);
                Renumber();
                return removed;
            }

            public void RemoveAt(int index)
            {
                _list.RemoveAt(index);
                Renumber();
            }

            public void Clear()
            {
                _list.Clear();
                Renumber();
            }

            public bool Contains(T item) => _list.Contains(item);

            public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

            public int IndexOf(T item) => _list.IndexOf(item);

            public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            protected override void RegisterComponents()
            {
                // The modules register as they are added, under their numbers; the field that holds them is none.
            }

            private void Renumber()
            {
                ClearModules();
                for (var i = 0; i < _list.Count; i++)
                {
                    register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _list[i]);
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
